"""A place of its own for a command: the test suite's keys, files in a directory, two roles."""

from hanoi_portal.settings.base import STORAGES as KEPT
from hanoi_portal.settings.base import database, database_address, is_owner_command
from hanoi_portal.settings.test import *  # noqa: F403

STORAGES = KEPT | {"staticfiles": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
DATABASES = {"default": database(database_address(owner=is_owner_command()))}
