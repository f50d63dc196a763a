"""The proxy lets through what the portal takes, and no more."""

import re
from pathlib import Path

from django.conf import settings

from petitions.public.requests import FILES_BODY_MAX


def test_one_limit_for_a_request() -> None:
    text = (Path(settings.BASE_DIR) / "deploy" / "Caddyfile").read_text()
    sizes = re.findall(r"max_size (\d+)MiB", text)
    assert [int(size) * 1024 * 1024 for size in sizes] == [FILES_BODY_MAX]
