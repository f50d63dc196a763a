"""Fields that nobody asked for: a body that is right in itself is refused for one field too many,
and writes nothing."""

import datetime as dt
import io
import uuid
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.models import User
from attachments.services import attachment_store
from common.time import today
from petitions.models import Case
from petitions.services.intake import petition_file
from tests.attachments.papers import pdf
from tests.people import PERSON, WARD, filing_make, person_make
from tests.permissions.conftest import matrix_objects
from tests.permissions.matrix import MATRIX
from tests.security import payloads as p
from tests.security.database import changed, state

__all__ = ["matrix_objects"]
pytestmark = pytest.mark.django_db
ONE = "00000000-0000-0000-0000-000000000001"
PAPER = "file"  # stands for the number of an uploaded one
FIELDS = ["is_staff", "status", "unit_id", "id", "created_at", "__proto__"]
MOVED = {"starts_at": "2099-01-05T08:00:00+07:00", "ends_at": "2099-01-05T11:00:00+07:00"}
FILED: dict[str, Any] = {
    "kind": "complaint",
    "subject": "Đơn thử",
    "content": "Nội dung.",
    "field": "land_compensation",
    "unit": WARD,
    "respondent": {"name": "UBND phường", "unit": WARD, "position": "unknown"},
    "petitioners": [PERSON],
}


SOON = today() + dt.timedelta(days=7)
THRESHOLDS = {"least": 9, "step": 3, "window_days": 30}
PROJECT = {"name": "Dự án Sen Vàng", "area": "Tổ dân phố số 3", "units": [WARD]}
DOCUMENT = {
    "number": "21-CV/TU",
    "kind": "official_letter",
    "issued_on": "2026-11-02",
    "issuer": "Ban Thường vụ Thành ủy Hà Nội",
    "subject": "Đối thoại với nhân dân",
}
PROGRAMME: dict[str, Any] = {"title": "Chương trình phối hợp", "parties": ["front", "police"]}
OPINION = {
    "period": "month",
    "starts_on": "2026-10-14",
    "texts": {"land": "Ổn định."},
    "assessment": "Ổn định.",
}
# Read and written under one name.
BOTH = {
    "api:reception-sessions",
    "api:directives",
    "api:directive-assignments",
    "api:exemplars",
    "api:indices",
    "api:land-projects",
    "api:programmes",
    "api:democracy-rule",
    "api:opinion-reports",
}
# Answered by what was found; nothing is written.
READS = {
    "api:case-search",
    "api:warning-rule-trial",
    "api:directive-reviews",  # nothing was reported: the result of each row says that it is refused
}
MODEL = {
    "title": "Tổ dân phố không rác",
    "field": "environment",
    "carried_out_by": "Chi hội Phụ nữ",
    "starts_on": "2026-03-01",
    "description": "Phân loại rác tại nguồn.",
}


class Write(NamedTuple):
    """Who sends what; ``done``: the body alone is not only read but does what it says."""

    who: str
    body: dict[str, Any]
    done: bool = True


WRITES: dict[str, Write] = {
    "api:petitions": Write("", FILED),
    "api:petition-messages": Write("", {"text": "Xin hỏi."}),
    "api:petition-attachments": Write("", {"attachments": [PAPER]}),
    "api:petition-withdrawal": Write("", {"reason": "Tôi xin rút đơn."}),
    "api:petition-rating": Write("", {"score": 5}, done=False),
    "api:reception-registrations": Write(
        "",
        {
            "full_name": "Nguyễn Thị Ví Dụ",
            "identity_number": "001088000001",
            "phone": "0912000001",
            "topic": "Hỏi về tiến độ cấp giấy chứng nhận.",
        },
    ),
    "api:reception-confirm": Write("", {"secret": "AAAA-BBBB", "digits": "123456"}, done=False),
    "api:reception-sessions": Write(
        "secretary",
        {
            "unit": WARD,
            "leader": "secretary",
            "duty_holder": "party_secretary",
            "kind": "periodic",
            "place": "Trụ sở Đảng ủy phường",
            "capacity": 10,
            "planned_content": "Tiếp công dân định kỳ",
        }
        | MOVED,
    ),
    "api:reception-publish": Write("secretary", {"version": 2, "reason": "Lý do"}, done=False),
    # Days off of that year are not known yet.
    "api:reception-postpone": Write("secretary", {"version": 2, "reason": "Lý do"} | MOVED, False),
    "api:reception-cancel": Write("secretary", {"version": 2, "reason": "Lý do thử nghiệm"}),
    "api:reception-hold": Write("secretary", {"version": 2}, done=False),
    # The day of the session has not come: refused when all of it is right.
    "api:reception-record": Write("secretary", {"attendance": "absent", "version": 0}, done=False),
    "api:reception-call-next": Write("clerk", {}, done=False),
    "api:reception-move": Write("clerk", {"move": "arrive", "version": 1}, done=False),
    "api:reception-refuse": Write(
        "clerk", {"ground": "settled", "explanation": "Đã giải quyết.", "version": 1}, done=False
    ),
    "api:reception-refusal-issue": Write("secretary", {"version": 1}, done=False),
    "api:reception-refusal-send": Write(
        "clerk", {"version": 1, "number": "12/TB", "sent_on": "2026-12-01"}, done=False
    ),
    "api:reception-refusal-void": Write("secretary", {"version": 1, "reason": "Lý do"}, done=False),
    "api:reception-written-notice-issue": Write("secretary", {"version": 1}, done=False),
    "api:reception-written-notice-send": Write(
        "clerk", {"number": "12/TB", "sent_on": "2026-12-01"}, done=False
    ),
    "api:reception-written-notice-void": Write("secretary", {"reason": "Lý do"}, done=False),
    "api:reception-refusal-undo": Write("clerk", {"version": 1}, done=False),
    "api:reception-counter": Write(
        "clerk",
        {
            "full_name": "Nguyễn Thị Ví Dụ",
            "identity_number": "001088000001",
            "phone": "0912000001",
            "topic": "Hỏi về tiến độ cấp giấy chứng nhận.",
        },
    ),
    # Nothing is recorded, so there is nothing to write minutes of or to conclude.
    "api:reception-minutes": Write("clerk", {"text": "Nội dung.", "version": 0}, done=False),
    "api:reception-minutes-sign": Write("clerk", {"version": 1}, done=False),
    "api:reception-minutes-visitor-sign": Write(
        "clerk", {"how": "paper", "version": 1}, done=False
    ),
    "api:reception-notice-issue": Write("secretary", {"version": 1}, done=False),
    "api:reception-task-step": Write("clerk", {"step": "receive", "version": 1}, done=False),
    "api:case-search": Write("clerk", {"name": "Không Có Ai"}),
    "api:case-action": Write("clerk", {"version": 1, "is_signed": True}),
    "api:letters": Write("clerk", FILED | {"channel": "paper", "is_signed": True}),
    "api:directives": Write("propaganda", DOCUMENT),
    "api:directive-change": Write("propaganda", DOCUMENT | {"version": 1}),
    "api:directive-assignments": Write(
        "propaganda",
        {"tasks": ["1699-cv-tu-1-plan"], "units": ["BNC"], "addressee": "party_committee"},
    ),
    "api:directive-task-due": Write(
        "propaganda", {"units": [WARD], "due_on": SOON.isoformat(), "reason": "Cần sớm hơn."}
    ),
    "api:directive-reviews": Write(
        "propaganda",
        {"reviews": [{"assignment": str(uuid.UUID(int=1)), "version": 1, "is_accepted": True}]},
    ),
    "api:assignment-reports": Write(
        "clerk", {"text": "Đã triển khai.", "state": "in_progress", "version": 1}
    ),
    "api:assignment-plan": Write(
        "clerk",
        {
            "number": "12-KH/ĐU",
            "issued_on": "2026-09-01",
            "title": "Kế hoạch thực hiện Công văn 1699",
            "version": 1,
        },
    ),
    "api:assignment-receipt": Write("clerk", {"version": 1}),
    "api:assignment-owner": Write("clerk", {"owner": "", "version": 1}),
    "api:assignment-studies": Write(
        "clerk",
        {"held_on": "2026-09-01", "people": 35, "material": "Công văn 1699-CV/TU", "version": 1},
    ),
    # No session is recorded; the task has no date that could be moved.
    "api:assignment-study-withdrawal": Write("clerk", {"version": 1}, done=False),
    "api:assignment-extension": Write(
        "clerk", {"wanted_on": "2026-12-31", "reason": "Lý do.", "version": 1}, done=False
    ),
    "api:assignment-extension-answer": Write(
        "propaganda", {"is_granted": True, "version": 1}, done=False
    ),
    "api:assignment-withdrawal": Write("propaganda", {"reason": "Giao nhầm.", "version": 1}),
    "api:assignment-review": Write("propaganda", {"is_accepted": True, "version": 1}, done=False),
    "api:exemplars": Write("clerk", MODEL | {"unit": WARD}),
    "api:exemplar-change": Write("clerk", MODEL | {"version": 1}),
    "api:exemplar-registration": Write("clerk", {"version": 1}),
    "api:exemplar-recognition": Write(
        "secretary",
        {
            "level": "unit",
            "number": "15-QĐ/ĐU",
            "decided_on": "2026-03-02",
            "decided_by": "Đảng ủy phường",
            "version": 1,
        },
        done=False,
    ),
    "api:exemplar-refusal": Write("secretary", {"reason": "Chưa rõ.", "version": 1}, done=False),
    "api:exemplar-publication": Write("clerk", {"people_agreed": True, "version": 1}, done=False),
    "api:exemplar-withdrawal": Write("clerk", {"reason": "Xin gỡ.", "version": 1}, done=False),
    "api:exemplar-giving-up": Write("clerk", {"reason": "Nhập nhầm.", "version": 1}),
    "api:exemplar-copies": Write(
        "clerk",
        {"unit": WARD, "carried_out_by": "Đoàn Thanh niên", "starts_on": "2026-03-01"},
        done=False,
    ),
    "api:exemplar-pictures": Write(
        "clerk",
        {"attachment": "00000000-0000-0000-0000-000000000001", "alt": "Ảnh", "version": 9},
        done=False,
    ),
    "api:exemplar-picture-removal": Write("clerk", {"version": 1}, done=False),
    "api:indices": Write(
        "propaganda",
        {
            "kind": "par",
            "year": 2025,
            "unit": "CITY",
            "version": 0,
            "value": "93.1",
            "source": "Bộ Nội vụ",
        },
    ),
    "api:warning-owner": Write(
        "chair", {"owner": "chair", "next_look_on": SOON.isoformat(), "version": 1}
    ),
    # Nobody follows it yet, and it is not closed.
    "api:warning-follow-ups": Write(
        "chair",
        {"text": "Đã xem.", "next_look_on": SOON.isoformat(), "version": 1},
        done=False,
    ),
    "api:warning-closure": Write("chair", {"is_true": True, "text": "Đã xong.", "version": 1}),
    "api:warning-reopening": Write("chair", {"text": "Xem lại.", "version": 1}, done=False),
    "api:warning-rule-change": Write("propaganda", THRESHOLDS | {"reason": "Thử.", "version": 1}),
    "api:warning-rule-trial": Write("propaganda", THRESHOLDS),
    "api:land-projects": Write("secretary", PROJECT),
    "api:land-project-change": Write("secretary", PROJECT | {"version": 1}),
    "api:land-project-stage": Write("secretary", {"done_on": "2026-09-01", "version": 1}),
    "api:land-project-dialogues": Write(
        "secretary",
        {"held_on": "2026-09-01", "people": 35, "content": "Đối thoại.", "version": 1},
    ),
    # No dialogue is recorded; the Front sees no cases.
    "api:land-project-dialogue-withdrawal": Write("secretary", {"version": 1}, done=False),
    "api:land-project-petitions": Write(
        "front", {"codes": ["HN-00000-00000-00"], "version": 1}, done=False
    ),
    "api:land-project-petition-removal": Write(
        "front", {"code": "HN-00000-00000-00", "version": 1}, done=False
    ),
    "api:programmes": Write("secretary", PROGRAMME | {"unit": WARD}),
    "api:programme-change": Write(
        "secretary",
        PROGRAMME
        | {"version": 2, "number": "9", "signed_on": "2026-03-02", "valid_from": "2026-03-02"},
    ),
    # It is in force already; there is no other programme, no file and no activity.
    "api:programme-signing": Write("secretary", {"version": 2}, done=False),
    "api:programme-end": Write(
        "secretary", {"version": 2, "ended_on": "2026-11-02", "reason": "Sáp nhập."}
    ),
    "api:programme-renewal": Write("clerk", {"version": 1, "successor": ONE}, done=False),
    "api:programme-files": Write("secretary", {"version": 1, "attachment": ONE}, done=False),
    "api:programme-file-removal": Write("secretary", {"version": 2}, done=False),
    "api:programme-activities": Write(
        "secretary",
        {"version": 2, "held_on": "2026-10-05", "place": "Tổ 4", "people": 9, "done": "Tập huấn."},
    ),
    "api:programme-activity-withdrawal": Write(
        "secretary", {"version": 2, "reason": "Ghi nhầm."}, done=False
    ),
    "api:democracy-rule": Write("chair", {"version": 0, "state": "drafting"}),
    "api:opinion-reports": Write("front", OPINION | {"unit": WARD}),
    # It was sent already.
    "api:opinion-report-change": Write("front", OPINION | {"version": 2}, done=False),
    "api:opinion-report-sending": Write("front", {"version": 2}, done=False),
    "api:opinion-report-correction": Write(
        "front", OPINION | {"version": 2, "reason": "Thiếu số liệu."}
    ),
    "api:opinion-report-answer": Write("propaganda", {"version": 2, "is_read": True}),
    "api:escalation-answer": Write("chair", {"answer": "Đã giao xử lý."}, done=False),
}


def test_every_operation_that_writes_has_a_body() -> None:
    """Uploads are one file and no fields; they are tested with the files."""
    posts = {name for name, row in MATRIX.items() if row.method == "POST"}
    writes = {name for name in posts if name.startswith("api:")} - {"api:uploads"}
    assert set(WRITES) == writes | BOTH


class Asked(NamedTuple):
    status: int
    fields: dict[str, Any]
    # Tables whose content changed.
    written: set[str]


@pytest.fixture
def objects(matrix_objects: dict[str, Any]) -> dict[str, Any]:
    filed = petition_file(filing=filing_make())
    paper = attachment_store(stream=io.BytesIO(pdf("Giấy tờ")), name="a.pdf")
    own = {"case": filed.code, "secret": filed.secret, PAPER: str(paper.public_id)}
    return matrix_objects | own


def send(name: str, body: dict[str, Any], objects: dict[str, Any]) -> Asked:
    client = Client(raise_request_exception=False)
    if WRITES[name].who:
        client.force_login(person_make(WRITES[name].who))
    args = [] if name == "api:reception-sessions" else MATRIX[name].args
    url = reverse(name, args=[objects.get(arg, arg) for arg in args])
    headers = {"X-Petition-Secret": objects["secret"]}
    if "attachments" in body:
        body = body | {"attachments": [objects[PAPER]]}
    mark = transaction.savepoint()
    before = state()
    answer = client.post(url, body, "application/json", headers=headers)
    written = changed(before)
    transaction.savepoint_rollback(mark)
    said = answer.json()
    return Asked(
        answer.status_code, said.get("fields", {}) if answer.status_code == 400 else {}, written
    )


@pytest.mark.parametrize("name", WRITES)
def test_one_field_too_many_is_refused_by_name(name: str, objects: dict[str, Any]) -> None:
    write = WRITES[name]
    right = send(name, write.body, objects)
    assert right.status < 300 if write.done else right.status in (403, 404, 409, 422), right
    assert bool(right.written) is (write.done and name not in READS), right
    for field in FIELDS:
        refused = send(name, write.body | {field: p.MARK}, objects)
        assert refused.status == 400, (field, refused)
        assert list(refused.fields) == [field]
        assert not refused.written, refused.written


def test_nor_inside_what_a_body_holds(objects: dict[str, Any]) -> None:
    for inner in ("respondent", "petitioners"):
        part: Any = FILED[inner]
        more = [part[0] | {"is_staff": 1}] if inner == "petitioners" else part | {"unit_id": 1}
        assert send("api:petitions", FILED | {inner: more}, objects).status == 400


@pytest.mark.parametrize(
    ("name", "data", "model", "extra"),
    [
        ("absences:list", {"from_on": "2026-12-01"}, User, {"is_staff": "1", "is_superuser": "1"}),
        (
            "cases:action",
            {"version": "1", "is_signed": "on"},
            Case,
            {"kind": "feedback", "unit_id": "2"},
        ),
    ],
)
def test_a_form_takes_nothing_but_its_own_fields(
    name: str,
    data: dict[str, str],
    model: type[Model],
    extra: dict[str, str],
    objects: dict[str, Any],
) -> None:
    """A page ignores what it did not ask for: no row gets it."""
    before = {row["id"]: row for row in model._base_manager.values("id", *extra)}
    client = Client()
    client.force_login(person_make("clerk"))
    url = reverse(name, args=[objects.get(arg, arg) for arg in MATRIX[name].args])
    assert client.post(url, data | extra).status_code in (302, 422)
    after = {row["id"]: row for row in model._base_manager.values("id", *extra)}
    assert after == before
