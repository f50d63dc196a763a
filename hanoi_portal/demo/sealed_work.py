"""What protects people who write, shown with one case each in one ward: redacted copies, openings,
information without a name, a late signature, a new secret."""

import datetime as dt
import hashlib
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.enums import Role
from common.codes import secret_clean, secret_from_salt, token_hmac
from common.time import local_date
from hanoi_portal.demo.accounts import Cast
from notifications.models import MessageState, OutboxMessage
from petitions.enums import Channel, Kind, OpeningGround
from petitions.grounds import SigningForm
from petitions.models import Case, Letter
from petitions.redaction_rules import Span
from petitions.selectors_public import SECRET_PURPOSE
from petitions.selectors_redaction import files_of, fingerprint
from petitions.services.actions import case_act
from petitions.services.identity import Why, opening_record
from petitions.services.intake import Filing, petition_file
from petitions.services.messages import message_receive, message_send
from petitions.services.redaction import redaction_start, redaction_text_save
from petitions.services.redaction_release import redaction_release
from petitions.services.renewals import secret_renew_at_counter

WARD = "00004"
SENT_BEFORE = dt.timedelta(hours=30)
# Written as denouncers write: with words that show who it was.
WRITER, PHONE = "Đỗ Thị Thử Vàng", "0900000147"
WITNESS = "Lý Văn Thử Bạc"
COPIED = {
    "subject": f"Tố cáo của {WRITER} về thu tiền ngoài quy định khi cấp giấy xác nhận",
    "content": (
        f"Tôi là {WRITER}, trú tại số nhà 14, ngõ 3, phố Giả Định, điện thoại {PHONE}.\n"
        "Ngày 12/10/2026, khi làm thủ tục xác nhận tình trạng nhà ở, ông Tạ Văn Ví Dụ yêu cầu tôi "
        "nộp thêm 2 triệu đồng không có biên lai. Hai hộ bên cạnh cũng bị yêu cầu như vậy."
    ),
    "request": f"Đề nghị xác minh và giữ bí mật tên {WRITER}.",
}
DRAFTED = {
    "subject": f"Tố cáo cán bộ nhận quà, người gửi {WITNESS}",
    "content": (
        f"Tôi là {WITNESS}, điện thoại 0900000258. Ông Tạ Văn Ví Dụ nhận quà của chủ thầu "
        "trước khi nghiệm thu ngõ 9; buổi nhận quà có ảnh chụp ngày 20/10/2026."
    ),
}
UNNAMED = {
    "subject": "Thông tin về việc kê khống khối lượng sửa vỉa hè",
    "content": "Đoạn vỉa hè phố Giả Định dài 120 m nhưng hồ sơ nghiệm thu ghi 210 m.",
}
UNSIGNED = {
    "subject": "Tố cáo ép mua vật tư của một cửa hàng",
    "content": "Ông Tạ Văn Ví Dụ ép các hộ mua vật tư của cửa hàng người nhà mới nhận hồ sơ.",
}
LOST = {
    "subject": "Khiếu nại việc từ chối cấp bản sao hồ sơ đất",
    "content": "Bộ phận một cửa từ chối cấp bản sao hồ sơ thửa đất số 88 mà không nêu lý do.",
}
GROUNDS = (
    (OpeningGround.VERIFY, "Làm việc trực tiếp với người tố cáo để xác minh họ tên, địa chỉ."),
    (OpeningGround.POST, "Gửi thông báo thụ lý tố cáo qua bưu điện cho người tố cáo."),
)


def sealed_work_make(cast: Cast, *, seed: int, now: dt.datetime) -> int:
    """Make the cases through the services, once a seed; how many are new. They lead up to ``now``
    (UTC moment)."""
    work = _Work(cast, seed, now)
    if Letter.objects.filter(secret_hmac=work.mark("copied")).exists():
        return 0
    with transaction.atomic():
        work.make()
        # What these services tell is of the past, as everything of the demo.
        told = OutboxMessage.objects.filter(params__code__in=work.codes, state=MessageState.PENDING)
        told.update(state=MessageState.SUPPRESSED)
    return len(work.codes)


class _Work:
    """The cases of one seed, each a method, with the ward's people."""

    def __init__(self, cast: Cast, seed: int, now: dt.datetime) -> None:
        unit = cast.units[WARD]
        self.clerk = cast.post(unit.pk, Role.CLERK)
        self.handler = cast.post(unit.pk, Role.HANDLER)
        self.seed, self.now = seed, now
        self.codes: list[str] = []

    def make(self) -> None:
        for case in (self._copied, self._drafted, self._unnamed, self._signed_late, self._lost):
            case()

    def salt(self, name: str) -> bytes:
        return hashlib.sha256(f"demo:{self.seed}:sealed:{name}".encode()).digest()[:16]

    def mark(self, name: str) -> bytes:
        """By which the letter is found again."""
        return token_hmac(SECRET_PURPOSE, secret_clean(secret_from_salt(self.salt(name))))

    def _at(self, hours: float) -> dt.datetime:
        """Some hours after the letters were sent."""
        return self.now - SENT_BEFORE + dt.timedelta(hours=hours)

    def _filed(self, name: str, channel: Channel, **told: Any) -> Case:
        about = {"name": "Tạ Văn Ví Dụ", "unit": "SXD", "position": "officer"}
        values = {"kind": Kind.DENUNCIATION.value, "field": "corruption", "respondent": about}
        filed = petition_file(
            filing=Filing(unit=WARD, **(values | told)),
            salt=self.salt(name),
            at=self._at(0),
            channel=channel.value,
            is_signed=channel == Channel.PAPER and bool(told["petitioners"]),
            by_id=None if channel == Channel.ONLINE else self.clerk.user.pk,
            quiet=True,
        )
        self.codes.append(filed.code)
        return Case.objects.get(code=filed.code)

    def _do(self, case: Case, action: str, hours: float, **inputs: Any) -> Case:
        return case_act(
            access=self.clerk.access,
            code=case.code,
            action=action,
            version=case.version,
            inputs=inputs,
            at=self._at(hours),
            quiet=True,
        )

    def _copied(self) -> None:
        """A released copy, and two openings with their grounds."""
        case = self._filed("copied", Channel.PAPER, petitioners=[_person(WRITER, PHONE)], **COPIED)
        case = self._do(case, "receive", 1, is_signed=True)
        one: dict[str, Any] = {
            "access": self.clerk.access,
            "code": case.code,
            "letter_code": case.code,
        }
        draft = redaction_start(**one, at=self._at(2))
        phrases = f"{WRITER}\n{PHONE}"
        spans = _places(draft.spans)
        redaction_text_save(**one, revision=draft.revision, spans=spans, phrases=phrases)
        draft.refresh_from_db()
        seen = fingerprint(draft, files_of(draft))
        redaction_release(**one, seen=seen, words=phrases, is_confirmed=True, at=self._at(3))
        self._do(_again(case), "assign", 4, assignee=self.handler.user.username)
        for hours, (ground, reason) in enumerate(GROUNDS, start=6):
            why = Why(ground.value, reason)
            opening_record(self.clerk.access, case.code, 1, why, self._at(hours))

    def _drafted(self) -> None:
        """A copy that is still being made."""
        people = [_person(WITNESS, "0900000258")]
        case = self._filed("drafted", Channel.PAPER, petitioners=people, **DRAFTED)
        self._do(case, "receive", 1.5, is_signed=True)
        one: dict[str, Any] = {
            "access": self.clerk.access,
            "code": case.code,
            "letter_code": case.code,
        }
        redaction_start(**one, at=self._at(5))

    def _unnamed(self) -> None:
        """Information without a name: the unit asks, whoever holds the code answers."""
        case = self._filed("unnamed", Channel.PAPER, petitioners=[], **UNNAMED)
        self._do(case, "receive", 2, is_signed=False)
        asked = "Đoạn vỉa hè nào bị ghi khống? Có ảnh hoặc số của hồ sơ nghiệm thu không?"
        message_send(
            access=self.clerk.access, code=case.code, text=asked, is_internal=False, at=self._at(3)
        )
        letter = Letter.objects.get(code=case.code)
        text = "Đoạn từ số nhà 20 đến số nhà 64; hồ sơ nghiệm thu số 15/2026."
        message_receive(letter=letter, text=text, at=self._at(20))

    def _signed_late(self) -> None:
        """Sent online, signed a day later; where denunciations do not come online, a complaint."""
        is_open = settings.DENUNCIATION_MODE != "off"
        kind = (Kind.DENUNCIATION if is_open else Kind.COMPLAINT).value
        people = [_person("Mạc Thị Thử Xanh", "0900000369")]
        case = self._filed("signed", Channel.ONLINE, kind=kind, petitioners=people, **UNSIGNED)
        case = self._do(case, "receive", 2.5, is_signed=False)
        day = self._at(26)
        told = {"form": next(iter(SigningForm)).value, "received_on": local_date(day).isoformat()}
        self._do(case, "record_signature", 26, **told)

    def _lost(self) -> None:
        """A complaint whose writer lost the receipt and came with an identity card."""
        about = {"name": "Ủy ban nhân dân phường", "unit": WARD, "position": "unknown"}
        told = {"kind": Kind.COMPLAINT.value, "field": "land_title", "respondent": about} | LOST
        people = [_person("Phùng Văn Thử Nâu", "0900000471")]
        case = self._filed("lost", Channel.PAPER, petitioners=people, **told)
        case = self._do(case, "receive", 3, is_signed=True)
        secret_renew_at_counter(
            access=self.clerk.access,
            code=case.code,
            letter=case.code,
            version=case.version,
            ground="Người gửi đơn mất biên nhận, đã đối chiếu căn cước tại quầy.",
            is_checked=True,
            salt=self.salt("renewed"),
            at=self._at(22),
        )


def _person(name: str, phone: str) -> dict[str, Any]:
    address = "Số 14, ngõ 3, phố Giả Định"
    return {"full_name": name, "phone": phone, "address": address, "representative": True}


def _places(spans: dict[str, Any]) -> dict[str, list[Span]]:
    """The places that were proposed, kept as they are."""
    return {name: [Span(*place) for place in places] for name, places in spans.items()}


def _again(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)
