"""Papers from the taking in to the first answer, and those about bodies that a letter went to."""

from django.utils.translation import gettext_lazy as _

from accounts.roles import Permission
from papers.kinds import (
    ANY_KIND,
    AS_ABOVE,
    BEFORE_HEAD,
    COMPLAINT,
    COMPLAINT_DECREE,
    COMPLAINT_LAW,
    DENUNCIATION,
    LETTERS_CIRCULAR,
    OPINIONS,
    TO_ADDRESSEE,
    TO_FILE,
    A,
    Field,
    PaperKind,
    S,
    Signer,
)

INTAKE = (
    PaperKind(
        code="acceptance",
        title="Thông báo",
        about="về việc thụ lý giải quyết khiếu nại",
        legal=f"Mẫu số 03, {COMPLAINT_DECREE}; Điều 27, Điều 36 {COMPLAINT_LAW}",
        number_of_form="Mẫu số 03",
        sign="TB",
        case_kinds=COMPLAINT,
        states=frozenset({S.PROPOSED, S.ACCEPTED, S.VERIFYING}),
        steps=(A.ACCEPT,),
        addressee="{petitioner}",
        body=(
            "Ngày {received}, {unit} nhận được đơn khiếu nại của {petitioner}; địa chỉ: {address};"
            " mã hồ sơ {code}.\n\nNội dung khiếu nại: {subject}.\n\nSau khi xem xét, căn cứ Luật"
            " Khiếu nại, đơn đủ điều kiện thụ lý và thuộc thẩm quyền giải quyết của {head} {unit}."
            "\n\nVậy thông báo để người khiếu nại được biết."
        ),
        recipients=f"{AS_ABOVE}\nThanh tra thành phố Hà Nội\n{TO_FILE}",
    ),
    PaperKind(
        code="non_acceptance",
        title="Thông báo",
        about="về việc không thụ lý giải quyết khiếu nại",
        legal=f"Mẫu số 04, {COMPLAINT_DECREE}; Điều 11 {COMPLAINT_LAW}",
        number_of_form="Mẫu số 04",
        sign="TB",
        case_kinds=COMPLAINT,
        states=frozenset({S.PROPOSED, S.DECLINED}),
        steps=(A.DECLINE,),
        addressee="{petitioner}",
        fields=(Field("reason", _("Reason under Article 11"), default="{ground}", rows=3),),
        body=(
            "Ngày {received}, {unit} nhận được đơn khiếu nại của {petitioner}; địa chỉ: {address};"
            " mã hồ sơ {code}.\n\nNội dung khiếu nại: {subject}.\n\nSau khi xem xét, căn cứ Luật"
            " Khiếu nại, đơn không đủ điều kiện thụ lý giải quyết vì lý do nêu trên.\n\nVậy thông"
            " báo để người khiếu nại được biết."
        ),
        recipients=TO_ADDRESSEE,
    ),
    PaperKind(
        code="opinion_acceptance",
        title="Thông báo",
        about="về việc thụ lý kiến nghị, phản ánh",
        legal="Điều 28 Luật Tiếp công dân số 42/2013/QH13",
        is_doubtful=True,
        sign="TB",
        case_kinds=OPINIONS,
        states=frozenset({S.PROPOSED, S.ACCEPTED, S.VERIFYING}),
        steps=(A.ACCEPT,),
        addressee="{petitioner}",
        body=(
            "Ngày {received}, {unit} nhận được đơn của {petitioner}; địa chỉ: {address}; mã hồ sơ"
            " {code}.\n\nNội dung đơn: {subject}.\n\nSau khi xem xét, nội dung đơn thuộc thẩm quyền"
            " và được {unit} thụ lý để giải quyết.\n\nVậy thông báo để ông (bà) được biết."
        ),
        recipients=TO_ADDRESSEE,
    ),
    PaperKind(
        code="opinion_declined_notice",
        title="Thông báo",
        about="về việc không thụ lý kiến nghị, phản ánh",
        legal="khoản 3 Điều 9, Điều 28 Luật Tiếp công dân số 42/2013/QH13",
        is_doubtful=True,
        sign="TB",
        case_kinds=OPINIONS,
        states=frozenset({S.PROPOSED, S.DECLINED}),
        steps=(A.DECLINE,),
        addressee="{petitioner}",
        fields=(Field("reason", _("Reason"), default="{ground}", rows=3),),
        body=(
            "Ngày {received}, {unit} nhận được đơn của {petitioner}; địa chỉ: {address}; mã hồ sơ"
            " {code}.\n\nNội dung đơn: {subject}.\n\nSau khi xem xét, {unit} không thụ lý giải quyết"
            " vì lý do nêu trên.\n\nVậy thông báo để ông (bà) được biết."
        ),
        recipients=TO_ADDRESSEE,
    ),
    PaperKind(
        code="proposal",
        title="Phiếu đề xuất",
        about="xử lý đơn",
        legal=f"Mẫu số 01, Điều 13 {LETTERS_CIRCULAR}",
        number_of_form="Mẫu số 01",
        sign="ĐX",
        signer=Signer.DRAFTER,
        case_kinds=ANY_KIND,
        states=BEFORE_HEAD,
        steps=(A.PROPOSE,),
        addressee="{head} {unit}",
        body=(
            "Ngày {received}, {unit} nhận được đơn của {sender}{known_as}.\n\nNội dung"
            " đơn: {subject}.\n\nCơ quan đã giải quyết (nếu có): {blank}\n\nĐề xuất: {proposal}"
        ),
        recipients=TO_ADDRESSEE,
    ),
    PaperKind(
        code="guidance",
        title="Phiếu hướng dẫn",
        about="gửi đơn đến cơ quan có thẩm quyền",
        legal="Mẫu số 03-XLĐ, Thông tư số 07/2014/TT-TTCP; điểm b khoản 1 Điều 26 Luật Tiếp công"
        " dân số 42/2013/QH13",
        is_doubtful=True,
        sign="HD",
        case_kinds=COMPLAINT | OPINIONS,
        states=frozenset({S.PROPOSED, S.GUIDED}),
        steps=(A.GUIDE,),
        addressee="{petitioner}",
        fields=(Field("body_to", _("Competent body"), default="{blank}"),),
        body=(
            "Ngày {received}, {unit} nhận được đơn của {petitioner}; địa chỉ: {address}; mã hồ sơ"
            " {code}.\n\nNội dung đơn: {subject}.\n\nSau khi xem xét, nội dung đơn không thuộc thẩm"
            " quyền giải quyết của {unit}. Đề nghị ông (bà) gửi đơn đến cơ quan nêu trên để được"
            " xem xét, giải quyết theo quy định của pháp luật."
        ),
        recipients=TO_ADDRESSEE,
    ),
    PaperKind(
        code="forwarding",
        title="Phiếu chuyển đơn",
        about="",
        legal=f"Mẫu số 03, {LETTERS_CIRCULAR}; khoản 2 Điều 24 Luật Tố cáo số 25/2018/QH14; khoản 2"
        " Điều 26 Luật Tiếp công dân số 42/2013/QH13",
        is_doubtful=True,
        sign="PC",
        case_kinds=DENUNCIATION | OPINIONS,
        states=frozenset({S.PROPOSED, S.FORWARDED, S.AWAITING_RECEIVER}),
        steps=(A.FORWARD,),
        addressee="{receiver}",
        body=(
            "Ngày {received}, {unit} nhận được đơn{known_as}.\n\nNội dung đơn: {subject}."
            "\n\nSau khi xem xét, {unit} chuyển đơn đến {receiver} để xem xét, giải quyết theo thẩm"
            " quyền và thông báo kết quả cho {unit} theo quy định của pháp luật."
        ),
        recipients=TO_ADDRESSEE,
    ),
    PaperKind(
        code="return",
        title="Phiếu trả đơn",
        about="chuyển không đúng thẩm quyền",
        legal="Mẫu số 04-XLĐ, Thông tư số 07/2014/TT-TTCP",
        is_doubtful=True,
        sign="PT",
        case_kinds=COMPLAINT,
        states=frozenset({S.PROPOSED, S.RETURNED}),
        steps=(A.RETURN_TO_SENDER,),
        addressee="{blank}",
        body=(
            "Ngày {received}, {unit} nhận được đơn có mã hồ sơ {code} do cơ quan khác chuyển đến."
            "\n\nNội dung đơn: {subject}.\n\nSau khi xem xét, nội dung đơn không thuộc thẩm quyền"
            " giải quyết của {unit}. {unit} trả lại đơn để cơ quan chuyển đơn xử lý theo quy định."
        ),
        recipients=TO_ADDRESSEE,
    ),
    PaperKind(
        code="supplement",
        title="Công văn",
        about="về việc yêu cầu bổ sung thông tin, tài liệu",
        legal="khoản 2 Điều 7 Thông tư số 07/2014/TT-TTCP",
        is_doubtful=True,
        sign="CV",
        case_kinds=ANY_KIND,
        states=frozenset({S.RECEIVED, S.CLASSIFYING, S.AWAITING_SUPPLEMENT}),
        steps=(A.REQUEST_SUPPLEMENT,),
        drafter=Permission.CASE_TRIAGE,
        addressee="{petitioner}",
        fields=(Field("until", _("Until when"), is_date=True),),
        body=(
            "Ngày {received}, {unit} nhận được đơn có mã hồ sơ {code}.\n\nĐể có cơ sở xem xét, đề"
            " nghị ông (bà) bổ sung:\n\n- {blank}"
        ),
        recipients=TO_ADDRESSEE,
    ),
    PaperKind(
        code="urging",
        title="Công văn",
        about="về việc đôn đốc giải quyết đơn",
        legal="khoản 4 Điều 6, Điều 32 Nghị định số 154/2026/NĐ-CP",
        is_doubtful=True,
        sign="CV",
        case_kinds=ANY_KIND,
        states=frozenset({S.PROPOSED, S.FORWARDED, S.AWAITING_RECEIVER, S.URGED}),
        steps=(A.URGE,),
        addressee="{receiver}",
        body=(
            "{unit} đã chuyển đơn{known_as} đến {receiver} để xem xét, giải quyết theo"
            " thẩm quyền. Đến nay {unit} chưa nhận được kết quả giải quyết.\n\nĐề nghị {receiver}"
            " khẩn trương giải quyết và thông báo kết quả cho {unit}."
        ),
        recipients=TO_ADDRESSEE,
    ),
)
