"""Settings of a vault that a test starts as a process of its own."""

from hanoi_portal.settings.test import *  # noqa: F403
from tests.vault_keys import PRIVATE

DENOUNCER_PRIVATE_KEYS = PRIVATE
