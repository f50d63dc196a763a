"""A thread of each web process that looks at the periodic jobs, whatever became of the worker."""

import random
import threading
from collections.abc import Callable

import structlog
from django.db import connections

log = structlog.get_logger(__name__)
STOP_SECONDS = 2.0


class Watch:
    """Calls ``check`` now and about every ``seconds`` until it is stopped.

    Nothing that ``check`` does ends the thread or the process. A daemon: it holds up no exit.
    """

    def __init__(self, check: Callable[[], object], seconds: float) -> None:
        self.check = check
        self.seconds = seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self.run, name="watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the thread; a check that hangs in the network is not waited for."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)

    def run(self) -> None:
        """Processes drift apart, so that they do not all ask at once."""
        self.once()
        while not self._stopping.wait(self.seconds * random.uniform(0.9, 1.1)):  # noqa: S311
            self.once()

    def once(self) -> None:
        """One check; its error is logged by type, its connections are closed."""
        try:
            self.check()
        except Exception as error:  # noqa: BLE001 - the watch must outlive whatever it meets
            log.warning("watch.failed", error=type(error).__name__)
        finally:
            connections.close_all()


def jobs_watch() -> Watch:
    """The watch of this process, not started: whether a periodic job fell silent."""
    from django.conf import settings

    from common.time import now
    from hanoi_portal.job_alarms import alarms_check

    return Watch(lambda: alarms_check(at=now()), settings.JOBS_WATCH_SECONDS)
