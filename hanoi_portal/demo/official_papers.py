"""Official papers of two cases in one ward, in every state that a paper can be in: drafted, waiting,
issued, replaced, void; and one under the seal of a denunciation."""

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db import transaction

from accounts.enums import Role
from common.codes import secret_clean, secret_from_salt, token_hmac
from common.time import local_date
from hanoi_portal.demo.accounts import Cast, Post
from notifications.models import MessageState, OutboxMessage
from papers.content import content_read
from papers.models import Paper
from papers.services.issuing import paper_correct, paper_issue, paper_void
from papers.services.writing import paper_draft, paper_edit, paper_submit
from petitions.enums import Channel, Kind
from petitions.models import Case, Letter
from petitions.selectors_public import SECRET_PURPOSE
from petitions.services.actions import case_act
from petitions.services.intake import Filing, petition_file

WARD = "00004"
BEGUN_BEFORE = dt.timedelta(hours=29)
STEP = dt.timedelta(minutes=40)
COMPLAINT: dict[str, Any] = {
    "kind": Kind.COMPLAINT.value,
    "field": "land_compensation",
    "subject": "Khiếu nại phương án bồi thường cây trồng khi mở rộng ngõ 27",
    "content": "Phương án niêm yết ghi 12 cây bưởi, gia đình có 31 cây đang cho quả.",
    "request": "Đề nghị kiểm đếm lại và bồi thường đủ.",
    "respondent": {"name": "Ủy ban nhân dân phường", "unit": WARD, "position": "unknown"},
}
DENUNCIATION: dict[str, Any] = {
    "kind": Kind.DENUNCIATION.value,
    "field": "corruption",
    "subject": "Tố cáo cán bộ đo đạc nhận tiền để sửa diện tích",
    "content": "Ông Lều Văn Ví Dụ nhận tiền của hai hộ để ghi tăng diện tích trong biên bản đo.",
    "respondent": {"name": "Lều Văn Ví Dụ", "unit": "SXD", "position": "officer"},
}
PEOPLE = {"complaint": "Khương Thị Thử Lam", "denunciation": "Nghiêm Văn Thử Đồng"}
# What a draft asks for beside the words that the case gives.
FIELDS = {
    "time": "08 giờ 30 phút, thứ Năm tuần tới",
    "place": "Phòng họp số 2, trụ sở Ủy ban nhân dân phường",
}
TIME_GIVEN = dt.timedelta(days=20)
# What the notice that was put right lacked.
RECIPIENTS = "Ban Tiếp công dân\nLưu: VT, hồ sơ vụ việc"
# And in place of the dots of its words.
DOTS = {
    "(nếu có): ……": "(nếu có): chưa có cơ quan nào giải quyết.",
    "Đề xuất: ……": "Đề xuất: thụ lý để giải quyết theo thẩm quyền.",
}


def official_papers_make(cast: Cast, *, seed: int, now: dt.datetime) -> int:
    """Make the papers through the services, once a seed; how many are new. They lead up to ``now``
    (UTC moment)."""
    story = _Story(cast, seed, now)
    if Letter.objects.filter(secret_hmac=story.mark("complaint")).exists():
        return 0
    with transaction.atomic():
        story.complaint()
        story.denunciation()
        # What these services tell is of the past, as everything of the demo.
        told = OutboxMessage.objects.filter(
            params__code__in=story.codes, state=MessageState.PENDING
        )
        told.update(state=MessageState.SUPPRESSED)
    return Paper.objects.filter(case__code__in=story.codes).count()


class _Story:
    """The two cases with the ward's people; every step is a while after the one before."""

    def __init__(self, cast: Cast, seed: int, now: dt.datetime) -> None:
        unit = cast.units[WARD]
        self.clerk = cast.post(unit.pk, Role.CLERK)
        self.handler = cast.post(unit.pk, Role.HANDLER)
        self.head = cast.post(unit.pk, Role.HEAD)
        self.seed, self.at = seed, now - BEGUN_BEFORE
        self.codes: list[str] = []

    def salt(self, name: str) -> bytes:
        return hashlib.sha256(f"demo:{self.seed}:papers:{name}".encode()).digest()[:16]

    def mark(self, name: str) -> bytes:
        """By which the letter is found again."""
        return token_hmac(SECRET_PURPOSE, secret_clean(secret_from_salt(self.salt(name))))

    def complaint(self) -> None:
        """Accepted with the notice that was put right once; then everything else."""
        case = self._assigned("complaint", COMPLAINT)
        self._issued(case, "proposal")
        told = {"proposal": "accept", "text": "Đơn đủ điều kiện thụ lý."}
        self._act(case, self.handler, "propose", **told)
        wrong = self._issued(case, "acceptance")
        notice = self._step(paper_correct, wrong, self.handler)
        words = replace(content_read(notice), recipients=RECIPIENTS)
        notice = self._step(paper_edit, notice, self.handler, content=words)
        notice = self._step(paper_issue, self._step(paper_submit, notice, self.handler), self.head)
        self._act(case, self.head, "accept", paper=str(notice.public_id))
        invitation = self._issued(case, "dialogue_invitation")
        self._step(paper_void, invitation, self.head, reason="Đổi ngày đối thoại, mời lại sau.")
        self._submitted(case, "verification")
        self._drafted(case, "dialogue_minutes")

    def denunciation(self) -> None:
        """One issued, in the book of its own and under seal."""
        case = self._assigned("denunciation", DENUNCIATION)
        self._issued(case, "proposal")

    def _next(self) -> dt.datetime:
        self.at += STEP
        return self.at

    def _assigned(self, name: str, told: dict[str, Any]) -> Case:
        person = {
            "full_name": PEOPLE[name],
            "phone": "0900000582",
            "address": "Số 27, ngõ 27, phố Giả Định",
            "representative": True,
        }
        filed = petition_file(
            filing=Filing(unit=WARD, petitioners=[person], **told),
            salt=self.salt(name),
            at=self._next(),
            channel=Channel.PAPER.value,
            is_signed=True,
            by_id=self.clerk.user.pk,
            quiet=True,
        )
        self.codes.append(filed.code)
        case = Case.objects.get(code=filed.code)
        self._act(case, self.clerk, "receive", is_signed=True)
        self._act(case, self.clerk, "assign", assignee=self.handler.user.username)
        return case

    def _act(self, case: Case, post: Post, action: str, **inputs: Any) -> None:
        case.refresh_from_db()
        case_act(
            access=post.access,
            code=case.code,
            action=action,
            version=case.version,
            inputs=inputs,
            at=self._next(),
            quiet=True,
        )

    def _step(self, service: Callable[..., Paper], paper: Paper, post: Post, **more: Any) -> Paper:
        return service(
            access=post.access,
            code=paper.case.code,
            public_id=paper.public_id,
            version=paper.version,
            at=self._next(),
            **more,
        )

    def _drafted(self, case: Case, kind: str) -> Paper:
        """By the officer, with what the case does not say filled in; minutes keep their dots."""
        access = self.handler.access
        paper = paper_draft(access=access, code=case.code, kind_code=kind, at=self._next())
        held = content_read(paper)
        known = FIELDS | {"until": (local_date(self.at) + TIME_GIVEN).isoformat()}
        fields = {name: text or known.get(name, "Như trên") for name, text in held.fields.items()}
        body = held.body
        for dots, words in DOTS.items():
            body = body.replace(dots, words)
        written = replace(held, fields=fields, body=body)
        return self._step(paper_edit, paper, self.handler, content=written)

    def _submitted(self, case: Case, kind: str) -> Paper:
        return self._step(paper_submit, self._drafted(case, kind), self.handler)

    def _issued(self, case: Case, kind: str) -> Paper:
        return self._step(paper_issue, self._submitted(case, kind), self.head)
