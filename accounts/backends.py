"""Who is signed in: the person and the standing, in one query."""

from django.contrib.auth.backends import ModelBackend

from accounts.models import User
from accounts.standing import COLUMN, standing_column
from common.time import now


class PortalBackend(ModelBackend):
    """Name and password; a wrong name costs one hash like a wrong password (Django sees to it)."""

    def get_user(self, user_id: int) -> User | None:
        rows = User.objects.annotate(**{COLUMN: standing_column(now())})
        user = rows.filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
