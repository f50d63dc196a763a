#!/usr/bin/env python
"""Every command joins the embedded servers of PORTAL_DATA, or starts and stops them itself."""

import os
import sys

WITHOUT_SERVERS = {
    "check",
    "collectstatic",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "compilemessages",
    "startapp",
    "up",
    "version",
}


def needs_servers(arguments: list[str]) -> bool:
    """``up`` joins by itself, to show what it does; help needs nothing."""
    if not arguments or arguments[0].startswith("-") or arguments[0] in WITHOUT_SERVERS:
        return False
    return not {"-h", "--help", "--version"} & set(arguments)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hanoi_portal.settings.dev")
    os.environ.setdefault("PORTAL_PROCESS", "command")
    from django.core.management import execute_from_command_line

    from hanoi_portal import embedded

    if not needs_servers(sys.argv[1:]) or not embedded.wanted():
        execute_from_command_line(sys.argv)
        return
    try:
        with embedded.joined():
            execute_from_command_line(sys.argv)
    except embedded.ServerFailed as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
