"""Papers at the taking in of a denunciation: what is decided, and who is told what of it.

Nobody who denounced is named in any of them (Articles 47 to 49 of the Law on Denunciations), and
the code of the case, which stands on the denouncer's receipt, in none that others may get.
"""

from django.utils.translation import gettext_lazy as _

from papers.kinds import (
    DENUNCIATION,
    DENUNCIATION_DECREE,
    DENUNCIATION_LAW,
    LETTERS_CIRCULAR,
    TO_ADDRESSEE,
    A,
    Field,
    Form,
    PaperKind,
    S,
)

_ACCEPTED = frozenset({S.ACCEPTED, S.VERIFYING})

DENUNCIATIONS = (
    PaperKind(
        code="denunciation_acceptance",
        title="Quyết định",
        about="thụ lý tố cáo",
        legal=f"Mẫu số 04, {DENUNCIATION_DECREE}; Điều 29 {DENUNCIATION_LAW}",
        number_of_form="Mẫu số 04",
        is_doubtful=True,
        sign="QĐ",
        form=Form.DECISION,
        case_kinds=DENUNCIATION,
        states=frozenset({S.PROPOSED, S.TAKEN_OVER}) | _ACCEPTED,
        steps=(A.ACCEPT,),
        grounds="Căn cứ {law}\nXét đề xuất thụ lý tố cáo",
        fields=(Field("until", _("Until when"), is_date=True),),
        body=(
            "Điều 1. Thụ lý tố cáo tiếp nhận ngày {received}: {subject}."
            "\n\nThời hạn giải quyết tính từ ngày ra Quyết định này.\n\nĐiều 2. Các cơ quan, tổ"
            " chức, cá nhân có liên quan chịu trách nhiệm thi hành Quyết định này."
        ),
        recipients="{respondent}\nLưu: VT, hồ sơ vụ việc",
    ),
    PaperKind(
        code="denunciation_accepted_notice",
        title="Thông báo",
        about="về việc thụ lý tố cáo",
        legal=f"Mẫu số 05, {DENUNCIATION_DECREE}; Điều 29 {DENUNCIATION_LAW}",
        number_of_form="Mẫu số 05",
        is_doubtful=True,
        sign="TB",
        case_kinds=DENUNCIATION,
        states=_ACCEPTED,
        addressee="{petitioner}",
        body=(
            "{unit} đã thụ lý tố cáo có mã hồ sơ {code}, tiếp nhận ngày {received}: {subject}."
            "\n\nVậy thông báo để người tố cáo được biết."
        ),
        recipients=TO_ADDRESSEE,
    ),
    PaperKind(
        code="denounced_content_notice",
        title="Thông báo",
        about="về nội dung tố cáo",
        legal=f"Mẫu số 06, {DENUNCIATION_DECREE}; Điều 29 {DENUNCIATION_LAW}",
        number_of_form="Mẫu số 06",
        is_doubtful=True,
        sign="TB",
        case_kinds=DENUNCIATION,
        states=_ACCEPTED,
        addressee="{blank}",
        body=(
            "{unit} đã thụ lý tố cáo{known_as}.\n\nNội dung tố cáo: {blank}\n\nĐề nghị"
            " người bị tố cáo giải trình bằng văn bản về những nội dung nêu trên và cung cấp thông"
            " tin, tài liệu liên quan."
        ),
        recipients=TO_ADDRESSEE,
    ),
    PaperKind(
        code="denunciation_declined_notice",
        title="Thông báo",
        about="về việc không thụ lý tố cáo",
        legal=f"Điều 24, Điều 29 {DENUNCIATION_LAW}; {LETTERS_CIRCULAR}",
        is_doubtful=True,
        sign="TB",
        case_kinds=DENUNCIATION,
        states=frozenset({S.PROPOSED, S.DECLINED}),
        steps=(A.DECLINE,),
        addressee="{petitioner}",
        fields=(Field("reason", _("Reason under Article 29"), rows=3),),
        body=(
            "Ngày {received}, {unit} nhận được tố cáo có mã hồ sơ {code}: {subject}.\n\nSau khi"
            " kiểm tra, xác minh điều kiện thụ lý, tố cáo không đủ điều kiện thụ lý vì lý do nêu"
            " trên.\n\nVậy thông báo để người tố cáo được biết."
        ),
        recipients=TO_ADDRESSEE,
    ),
    PaperKind(
        code="denunciation_forwarded_notice",
        title="Thông báo",
        about="về việc chuyển tố cáo",
        legal=f"khoản 2 Điều 24 {DENUNCIATION_LAW}; Điều 14 {LETTERS_CIRCULAR}",
        is_doubtful=True,
        sign="TB",
        case_kinds=DENUNCIATION,
        states=frozenset({S.PROPOSED, S.FORWARDED, S.AWAITING_RECEIVER}),
        steps=(A.FORWARD,),
        addressee="{petitioner}",
        body=(
            "Ngày {received}, {unit} nhận được tố cáo có mã hồ sơ {code}: {subject}.\n\nSau khi"
            " xem xét, nội dung tố cáo không thuộc thẩm quyền giải quyết của {unit}; tố cáo đã được"
            " chuyển đến {receiver} để xem xét, giải quyết theo thẩm quyền.\n\nVậy thông báo để"
            " người tố cáo được biết."
        ),
        recipients=TO_ADDRESSEE,
    ),
)
