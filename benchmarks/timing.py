"""``python -m benchmarks.timing``: can the time of a refusal be told from that of another?

A wrong secret of a petition that exists against a code that does not, by page and by API; a wrong
password of an account that exists against a name that nobody has. The answers are asked for in
turn over loopback, each its own connection, and compared by their medians and by how well a
listener guesses from one answer (0.5 is chance).
"""

import http.client
import itertools
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from urllib.parse import urlencode

from benchmarks import site

WARM, TRIES = 20, 4
ROUNDS = int(os.environ.get("ROUNDS", "400"))
SECRET = "000000-00000-00000-00000-00000"
FILING = {
    "kind": "recommendation",
    "subject": "Đèn đường",
    "content": "Đèn đường hỏng.",
    "field": "land_compensation",
    "unit": "00004",
    "petitioners": [{"full_name": "Người Đo", "address": "Số 1", "representative": True}],
}
Ask = Callable[[], None]


def measured(one: Ask, two: Ask) -> tuple[list[float], list[float]]:
    """Seconds of each, asked in turn so that a busy moment meets both."""
    found: tuple[list[float], list[float]] = ([], [])
    for number in range(ROUNDS + WARM):
        for ask, seconds in zip((one, two), found, strict=True):
            start = time.perf_counter()
            ask()
            if number >= WARM:
                seconds.append(time.perf_counter() - start)
    return found


def guessed(one: Sequence[float], two: Sequence[float]) -> float:
    """How often the slower of a pair is of the second kind (0.5: nothing can be told)."""
    pairs = sum(a < b for a in one for b in two)
    return pairs / (len(one) * len(two))


def compared(one: Ask, two: Ask) -> dict[str, float]:
    first, second = measured(one, two)
    a, b = statistics.median(first), statistics.median(second)
    return {
        "first_ms": round(a * 1000, 3),
        "second_ms": round(b * 1000, 3),
        "ratio": round(max(a, b) / min(a, b), 4),
        "guessed": round(guessed(first, second), 3),
    }


class Visitor:
    """A visitor with the token of a form, as a browser has it."""

    def __init__(self, port: int) -> None:
        self.port = port

    def send(
        self, method: str, path: str, body: str = "", **headers: str
    ) -> tuple[int, bytes, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, body.encode(), headers)
        answer = connection.getresponse()
        cookies = answer.headers.get_all("Set-Cookie") or []
        found = answer.status, answer.read(), "; ".join(c.split(";")[0] for c in cookies)
        connection.close()
        return found

    def form(self, path: str, **data: str | Iterator[str]) -> Ask:
        """Send a form again and again; a value that is an iterator gives the next one each time."""
        _status, page, cookies = self.send("GET", path)
        token = page.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies}

        def ask() -> None:
            typed = {name: v if isinstance(v, str) else next(v) for name, v in data.items()}
            body = urlencode({**typed, "csrfmiddlewaretoken": token})
            status = self.send("POST", path, body, **kind)[0]
            assert status == 200, status

        return ask

    def petition(self, code: str) -> Ask:
        def ask() -> None:
            path = f"/api/v1/petitions/{code}/"
            status = self.send("GET", path, **{"X-Petition-Secret": SECRET})[0]
            assert status == 404, status

        return ask

    def filed(self) -> str:
        kind = {"Content-Type": "application/json"}
        _status, body, _cookies = self.send(
            "POST", "/api/v1/petitions/", json.dumps(FILING), **kind
        )
        return str(json.loads(body)["code"])


def run(port: int) -> dict[str, dict[str, float]]:
    visitor = Visitor(port)
    # Each code once in a form of its own; an unknown one has its check characters right.
    known, unknown = visitor.filed(), unknown_code()
    track, sign_in = "/tra-cuu/", "/tai-khoan/dang-nhap/"
    return {
        "tracking by API: wrong secret / unknown code": compared(
            visitor.petition(known), visitor.petition(unknown)
        ),
        "tracking by page: wrong secret / unknown code": compared(
            visitor.form(track, code=known, secret=SECRET),
            visitor.form(track, code=unknown, secret=SECRET),
        ),
        "sign-in: wrong password / unknown name": compared(
            visitor.form(sign_in, login=names("somebody"), password="wrong"),
            visitor.form(sign_in, login=names("nobody"), password="wrong"),
        ),
    }


def names(stem: str) -> Iterator[str]:
    """Each a few times only: after five failures a name is locked, whether anybody has it or not,
    and what would be timed is the lock."""
    return (f"{stem}.{number // TRIES}" for number in itertools.count())


def unknown_code() -> str:
    from common.codes import code_new

    return code_new("HN")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="portal-timing-") as folder:
        data, port = Path(folder), site.free_port()
        os.environ.update(site.environment(data, port))
        os.environ["PORTAL_PROCESS"] = "command"
        from hanoi_portal import embedded

        with embedded.joined():
            print(json.dumps(measure(data, port), indent=2))


def measure(data: Path, port: int) -> dict[str, dict[str, float]]:
    import django

    django.setup()
    from django.contrib.auth.hashers import make_password

    from accounts.models import User

    for command in ("collectstatic --no-input", "migrate", "load_reference"):
        site.manage(command, data, port)
    password = make_password("right-and-long")
    User.objects.bulk_create(
        User(username=f"somebody.{number}", password=password, is_demo=True)
        for number in range((ROUNDS + WARM) // TRIES + 1)
    )
    with site.web(data, port):
        return run(port)


if __name__ == "__main__":
    main()
