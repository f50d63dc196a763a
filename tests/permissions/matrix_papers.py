"""Rows of the permission matrix: the papers of a case, and the page behind a QR."""

from tests.permissions.rows import Answer, Row

SEES: dict[str, Answer] = {"ward": 200, "watchers": 200}
# Who sees the case without writing papers of it.
MAY_NOT: dict[str, Answer] = {"ward": 403, "watchers": 403}
API_NOT: dict[str, Answer] = {"others": 404, "bodies": 404}

PAPERS: dict[str, Row] = {
    "papers:ask": Row(everybody=200),
    "papers:verify": Row(everybody=404, args=("VB-00000-00000-00",)),
    "receipts:sent": Row(everybody=302, method="POST"),
    "receipts:tracked": Row(everybody=302, method="POST"),
    "papers_staff:receipt": Row(but=MAY_NOT | {"clerk": 200}, args=("case", "case"), method="POST"),
    "papers_unit:list": Row(but=SEES | {"others": 200, "board": 200}),
    "papers_staff:list": Row(but=SEES, args=("case",)),
    "papers_staff:new": Row(
        # Of a petition that was only sent no paper can be written yet.
        but=MAY_NOT | {"chair": 422, "clerk": 422},
        args=("case",),
        method="POST",
        data={"kind": "supplement"},
    ),
    "papers_staff:blank": Row(but=SEES, args=("case", "rut-khieu-nai")),
    "papers_staff:paper": Row(but=SEES, args=("case", "paper")),
    "papers_staff:edit": Row(but=MAY_NOT | {"chair": 200}, args=("case", "paper")),
    "papers_staff:file": Row(but=SEES, args=("case", "paper")),
    "papers_staff:word": Row(but=SEES, args=("case", "paper")),
    "papers_staff:step": Row(
        but=MAY_NOT | {"chair": 302},
        args=("case", "paper", "bo"),
        method="POST",
        data={"version": "1"},
    ),
    "api:papers": Row(anonymous=401, but=SEES | {"others": 200, "board": 200}),
    "api:case-papers": Row(anonymous=401, but=SEES, args=("case",)),
    "api:case-paper": Row(anonymous=401, but=SEES, args=("case", "paper")),
    "api:case-paper-file": Row(anonymous=401, args=("case", "paper")),
    "api:case-paper-word": Row(anonymous=401, but=SEES, args=("case", "paper")),
}
