"""A citizen or an officer at the pages and the API of an installation, over HTTP."""

import http.client
import http.cookiejar
import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request

from django.conf import settings

from tests.people import PERSON, WARD

# What the kernel and the server say while a web process dies or starts.
AWAY = (OSError, http.client.HTTPException)
HIDDEN = re.compile(r'name="(csrfmiddlewaretoken|version)"[^>]*value="([^"]*)"')
LETTER = {
    "kind": "recommendation",
    "subject": "Kiến nghị sửa đường ngõ 12",
    "content": "Mặt đường ngõ 12 hỏng từ đầu năm, đề nghị sửa.",
    "field": "construction_order",
    "unit": WARD,
    "petitioners": [PERSON],
}


class Visitor:
    """Keeps its cookies; every page must answer within ``patience`` seconds."""

    def __init__(self, port: int, *, patience: float = 30) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.patience = patience
        jar = http.cookiejar.CookieJar()
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar)).open

    def get(self, path: str) -> str:
        """The page. Raises what is in ``AWAY``, HTTPError for an answer that is none."""
        return self._send(urllib.request.Request(self.base + path))

    def submit(self, path: str, **typed: str) -> str:
        """Open a page with a form, fill it in, send it; the page that follows."""
        values = dict(HIDDEN.findall(self.get(path))) | typed
        data = urllib.parse.urlencode(values).encode()
        return self._send(urllib.request.Request(self.base + path, data))

    def sign_in(self, name: str) -> None:
        self.submit("/tai-khoan/dang-nhap/", login=name, password=settings.DEMO_PASSWORD)
        assert self.is_signed_in()

    def is_signed_in(self) -> bool:
        with self._open(self.base + "/can-bo/", timeout=self.patience) as answer:
            return bool(answer.geturl() == self.base + "/can-bo/")

    def file(self, key: str) -> str:
        """File a petition through the API; the same key gives the same petition. Its code."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        body = json.dumps(LETTER).encode()
        address = f"{self.base}/api/v1/petitions/"
        answer = self._send(urllib.request.Request(address, body, headers))
        return str(json.loads(answer)["code"])

    def file_until_answered(self, key: str, seconds: float = 60) -> str:
        """As a client does that does not know whether its request came through."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                return self.file(key)
            except AWAY:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def _send(self, request: urllib.request.Request) -> str:
        with self._open(request, timeout=self.patience) as answer:
            return str(answer.read().decode())
