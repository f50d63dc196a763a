"""The health check of a container: ``python -m hanoi_portal.probe /health/live/``."""

import http.client
import os
import sys


def answers(path: str, port: int) -> bool:
    """Whether the site on this machine answers 200 to ``path``."""
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
    talk = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        talk.request("GET", path, headers={"Host": host or "localhost"})
        return talk.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        talk.close()


if __name__ == "__main__":
    sys.exit(not answers(sys.argv[1], int(os.environ.get("PORT", "8000"))))
