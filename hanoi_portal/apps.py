from django.apps import AppConfig


class HanoiPortalConfig(AppConfig):
    name = "hanoi_portal"

    def ready(self) -> None:
        """Make the Celery application the current one, so that tasks bind to it."""
        from hanoi_portal import celery  # noqa: F401
