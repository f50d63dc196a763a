"""Gunicorn's configuration: ``gunicorn -c python:hanoi_portal.gunicorn hanoi_portal.wsgi``."""

import gc
import os
from typing import Any

bind = os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_WORKERS", "2"))
worker_class = "gthread"
threads = 4
preload_app = True
keepalive = 5
timeout = 60
graceful_timeout = 5
accesslog = None
loglevel = "error"
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108
control_socket_disable = True


def when_ready(server: Any) -> None:
    """What is loaded before the fork stays shared memory."""
    gc.collect()
    gc.freeze()


def pre_fork(server: Any, worker: Any) -> None:
    """No connection that was opened while loading may be used by two processes."""
    from django.db import connections

    connections.close_all()


def post_worker_init(worker: Any) -> None:
    """A web process also sees when the periodic jobs fall silent."""
    from hanoi_portal.watch import jobs_watch

    worker.jobs_watch = jobs_watch()
    worker.jobs_watch.start()


def worker_exit(server: Any, worker: Any) -> None:
    """A worker that never came up has no watch."""
    watch = getattr(worker, "jobs_watch", None)
    if watch is not None:
        watch.stop()
