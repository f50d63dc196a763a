"""Papers from the acceptance to the end."""

from django.utils.translation import gettext_lazy as _

from accounts.roles import Permission
from papers.kinds import (
    AFTER_RESULT,
    ANY_KIND,
    AS_ABOVE,
    BEFORE_HEAD,
    COMPLAINT,
    COMPLAINT_DECREE,
    COMPLAINT_LAW,
    DENUNCIATION,
    DENUNCIATION_DECREE,
    DENUNCIATION_LAW,
    IN_WORK,
    OPINIONS,
    RESULT,
    TO_ADDRESSEE,
    TO_FILE,
    TO_PETITIONER,
    A,
    Field,
    Form,
    PaperKind,
    S,
    Signer,
)

_TIME_AND_PLACE = (Field("time", _("Time")), Field("place", _("Place")))
_BOTH = COMPLAINT | DENUNCIATION
_LAWS = "Căn cứ {law}\nXét nội dung vụ việc{known_as}"
_SUSPENSION = (
    f"Mẫu số 14a, {COMPLAINT_DECREE}; Điều 11a {COMPLAINT_LAW}; Điều 34 {DENUNCIATION_LAW}"
)

WORK = (
    PaperKind(
        code="dialogue_invitation",
        title="Giấy mời",
        about="tham dự đối thoại",
        legal=f"Điều 30, Điều 39 {COMPLAINT_LAW}; Điều 28 {COMPLAINT_DECREE}",
        is_doubtful=True,
        sign="GM",
        case_kinds=COMPLAINT,
        states=IN_WORK,
        steps=(A.HOLD_DIALOGUE,),
        addressee="{petitioner}",
        fields=(*_TIME_AND_PLACE, Field("chair", _("Chaired by"), default="{head} {unit}")),
        body=(
            "{unit} tổ chức đối thoại về vụ việc khiếu nại có mã hồ sơ {code}: {subject}.\n\nKính"
            " mời ông (bà) đến tham dự đúng thời gian, địa điểm nêu trên và mang theo thông tin,"
            " tài liệu liên quan."
        ),
        recipients=f"{AS_ABOVE}\n{{respondent}}\n{TO_FILE}",
    ),
    PaperKind(
        code="dialogue_minutes",
        title="Biên bản",
        about="đối thoại",
        legal=f"Mẫu số 14, {COMPLAINT_DECREE}; Điều 30 {COMPLAINT_LAW}",
        number_of_form="Mẫu số 14",
        sign="BB",
        form=Form.MINUTES,
        signatures=("Người khiếu nại", "Người bị khiếu nại"),
        case_kinds=COMPLAINT,
        states=IN_WORK,
        steps=(A.HOLD_DIALOGUE,),
        fields=(
            *_TIME_AND_PLACE,
            Field("chair", _("Chaired by"), default="{head} {unit}"),
            Field("present", _("Present"), default="{petitioner}; {respondent}", rows=3),
            Field("absent", _("Absent, with or without a reason"), is_required=False, rows=2),
        ),
        body=(
            "Nội dung đối thoại: {subject}.\n\nÝ kiến của người khiếu nại: {blank}\n\nÝ kiến của"
            " người bị khiếu nại: {blank}\n\nKết quả đối thoại, những nội dung thống nhất và còn"
            " khác nhau: {blank}\n\nBiên bản được lập thành 03 bản, đã đọc lại cho những người có"
            " mặt cùng nghe."
        ),
    ),
    PaperKind(
        code="suspension",
        title="Quyết định",
        about="tạm đình chỉ giải quyết vụ việc",
        legal=_SUSPENSION,
        number_of_form="Mẫu số 14a",
        sign="QĐ",
        form=Form.DECISION,
        case_kinds=_BOTH,
        states=IN_WORK | {S.SUSPENDED},
        steps=(A.SUSPEND,),
        grounds=_LAWS,
        body=(
            "Điều 1. Tạm đình chỉ giải quyết vụ việc{known_as}: {subject}, kể từ ngày ký."
            "\n\nLý do: {blank}\n\nĐiều 2. Việc giải quyết được tiếp tục khi lý do tạm đình chỉ"
            " không còn.\n\nĐiều 3. Các cơ quan, tổ chức, cá nhân có liên quan chịu trách nhiệm thi"
            " hành Quyết định này."
        ),
        recipients=TO_PETITIONER,
    ),
    PaperKind(
        code="termination",
        title="Quyết định",
        about="đình chỉ giải quyết vụ việc",
        legal=_SUSPENSION,
        number_of_form="Mẫu số 14a",
        sign="QĐ",
        form=Form.DECISION,
        case_kinds=_BOTH,
        states=IN_WORK | {S.SUSPENDED, S.TERMINATED},
        steps=(A.TERMINATE,),
        grounds=_LAWS,
        body=(
            "Điều 1. Đình chỉ giải quyết vụ việc{known_as}: {subject}.\n\nLý do: {blank}"
            "\n\nĐiều 2. Các cơ quan, tổ chức, cá nhân có liên quan chịu trách nhiệm thi hành Quyết"
            " định này."
        ),
        recipients=TO_PETITIONER,
    ),
    PaperKind(
        code="resumption",
        title="Quyết định",
        about="tiếp tục giải quyết vụ việc",
        legal=f"Mẫu số 14b, {COMPLAINT_DECREE}; Điều 34 {DENUNCIATION_LAW}",
        number_of_form="Mẫu số 14b",
        sign="QĐ",
        form=Form.DECISION,
        case_kinds=_BOTH,
        states=IN_WORK | {S.SUSPENDED},
        steps=(A.RESUME,),
        grounds=_LAWS,
        body=(
            "Điều 1. Tiếp tục giải quyết vụ việc{known_as}: {subject}, kể từ ngày ký."
            "\n\nLý do: căn cứ tạm đình chỉ không còn.\n\nĐiều 2. Các cơ quan, tổ chức, cá nhân có"
            " liên quan chịu trách nhiệm thi hành Quyết định này."
        ),
        recipients=TO_PETITIONER,
    ),
    PaperKind(
        code="reopening",
        title="Quyết định",
        about="tiếp tục giải quyết vụ việc đã đình chỉ",
        legal=f"Điều 10 {COMPLAINT_LAW}; khoản 3 Điều 33 {DENUNCIATION_LAW}",
        is_doubtful=True,
        sign="QĐ",
        form=Form.DECISION,
        case_kinds=_BOTH,
        states=frozenset({S.TERMINATED}),
        steps=(A.REOPEN,),
        grounds=_LAWS,
        body=(
            "Điều 1. Tiếp tục giải quyết, kể từ ngày ký, vụ việc{known_as} đã đình chỉ do rút đơn:"
            " {subject}.\n\nLý do: việc rút đơn không tự nguyện; căn cứ xác định: {blank}"
            "\n\nĐiều 2. Các cơ quan, tổ chức, cá nhân có liên quan chịu trách nhiệm thi"
            " hành Quyết định này."
        ),
        recipients=TO_PETITIONER,
    ),
    PaperKind(
        code="extension",
        title="Quyết định",
        about="gia hạn thời hạn giải quyết tố cáo",
        legal=f"Mẫu số 01, {DENUNCIATION_DECREE}; Điều 30 {DENUNCIATION_LAW}",
        is_doubtful=True,
        sign="QĐ",
        form=Form.DECISION,
        case_kinds=DENUNCIATION,
        states=IN_WORK,
        steps=(A.EXTEND,),
        fields=(Field("days", _("Days added")), Field("until", _("Until when"), is_date=True)),
        grounds=_LAWS,
        body=(
            "Điều 1. Gia hạn thời hạn giải quyết vụ việc tố cáo{known_as}.\n\nLý do:"
            " {blank}\n\nĐiều 2. Các cơ quan, tổ chức, cá nhân có liên quan chịu trách nhiệm thi"
            " hành Quyết định này."
        ),
        recipients=TO_PETITIONER,
    ),
    PaperKind(
        code="complexity_finding",
        title="Văn bản",
        about="xác định vụ việc khiếu nại phức tạp",
        legal=f"Điều 3a {COMPLAINT_DECREE}; Điều 28, Điều 37 {COMPLAINT_LAW}",
        is_doubtful=True,
        sign="CV",
        case_kinds=COMPLAINT,
        states=BEFORE_HEAD | IN_WORK,
        steps=(A.EXTEND,),
        fields=(
            Field("signs", _("What makes it complex (Article 3a)"), rows=3),
            Field("until", _("Until when"), is_date=True),
        ),
        body=(
            "Vụ việc khiếu nại có mã hồ sơ {code}: {subject}.\n\nSau khi xem xét, vụ việc có dấu hiệu"
            " phức tạp nêu trên; thời hạn giải quyết áp dụng như đối với vụ việc phức tạp.\n\nVăn bản"
            " này được lưu trong hồ sơ vụ việc."
        ),
        recipients=TO_FILE,
    ),
    PaperKind(
        code="withdrawal_minutes",
        title="Biên bản",
        about="ghi nhận việc rút đơn",
        legal=f"Điều 10 {COMPLAINT_LAW}; Mẫu số 03, {DENUNCIATION_DECREE}; Điều 33"
        f" {DENUNCIATION_LAW}",
        is_doubtful=True,
        sign="BB",
        form=Form.MINUTES,
        case_kinds=ANY_KIND,
        states=BEFORE_HEAD | IN_WORK | {S.SUSPENDED},
        steps=(A.WITHDRAW,),
        drafter=Permission.CASE_TRIAGE,
        signatures=("Người rút đơn", "Người ghi biên bản"),
        fields=_TIME_AND_PLACE,
        body=(
            "Vụ việc{known_as}: {subject}.\n\nNgười gửi đơn trình bày việc rút toàn bộ (một"
            " phần) nội dung: {blank}\n\nLý do rút đơn: {blank}\n\nNgười gửi đơn đã được giải thích về"
            " hậu quả của việc rút đơn; việc rút đơn là tự nguyện, không bị đe dọa, mua chuộc.\n\nBiên"
            " bản được lập thành 02 bản, đã đọc lại cho người có mặt cùng nghe."
        ),
    ),
    PaperKind(
        code="referral",
        title="Công văn",
        about="về việc chuyển hồ sơ vụ việc đến cơ quan điều tra",
        legal=f"Điều 27, Điều 36 {DENUNCIATION_LAW}",
        is_doubtful=True,
        sign="CV",
        case_kinds=DENUNCIATION,
        states=frozenset({S.PROPOSED, S.VERIFYING, S.ACTING_ON_CONCLUSION}),
        steps=(A.REFER_TO_INVESTIGATION,),
        addressee="{blank}",
        body=(
            "{unit} chuyển hồ sơ vụ việc{known_as}: {subject}, do có dấu hiệu tội phạm.\n\nHồ sơ"
            " gồm: {blank}\n\nĐề nghị cơ quan điều tra xem xét, giải quyết theo thẩm quyền và thông báo kết"
            " quả cho {unit}."
        ),
        recipients=TO_ADDRESSEE,
    ),
    PaperKind(
        code="verification",
        title="Quyết định",
        about="về việc xác minh nội dung vụ việc",
        legal=f"Điều 29 {COMPLAINT_LAW}; Mẫu số 07, {DENUNCIATION_DECREE}; Điều 31"
        f" {DENUNCIATION_LAW}",
        is_doubtful=True,
        sign="QĐ",
        form=Form.DECISION,
        case_kinds=_BOTH,
        states=frozenset({S.ACCEPTED, S.VERIFYING}),
        steps=(A.START_VERIFICATION,),
        fields=(
            Field("team", _("Persons charged"), default="{assignee}", rows=3),
            Field("until", _("Until when"), is_date=True),
        ),
        grounds=_LAWS,
        body=(
            "Điều 1. Tiến hành xác minh nội dung vụ việc{known_as}: {subject}.\n\nĐiều 2."
            " Giao những người có tên nêu trên thực hiện việc xác minh, báo cáo kết quả trong thời"
            " hạn đã nêu.\n\nĐiều 3. Các cơ quan, tổ chức, cá nhân có liên quan chịu trách nhiệm"
            " thi hành Quyết định này."
        ),
        recipients="{assignee}\n{respondent}\nLưu: VT, hồ sơ vụ việc",
    ),
    PaperKind(
        code="verification_report",
        title="Báo cáo",
        about="kết quả xác minh nội dung vụ việc",
        legal=f"Điều 29 {COMPLAINT_LAW}; Mẫu số 10, 11, {DENUNCIATION_DECREE}; Điều 31"
        f" {DENUNCIATION_LAW}",
        is_doubtful=True,
        sign="BC",
        signer=Signer.DRAFTER,
        case_kinds=_BOTH,
        states=frozenset({S.VERIFYING, S.DIALOGUE, S.OUTCOME_DRAFTED}),
        steps=(A.DRAFT_OUTCOME,),
        addressee="{head} {unit}",
        body=(
            "Nội dung vụ việc{known_as}: {subject}.\n\nKết quả xác minh:\n\n| Nội dung | Kết"
            " quả xác minh | Tài liệu, chứng cứ |\n| {blank} | {blank} | {blank} |\n\nNhận xét, kết"
            " luận: {blank}\n\nKiến nghị: {blank}"
        ),
        recipients=TO_ADDRESSEE,
    ),
    PaperKind(
        code="complaint_decision",
        title="Quyết định",
        about="về việc giải quyết khiếu nại (lần đầu)",
        legal=f"Điều 31 {COMPLAINT_LAW}; {COMPLAINT_DECREE}",
        instance=1,
        is_doubtful=True,
        sign="QĐ",
        form=Form.DECISION,
        case_kinds=COMPLAINT,
        states=RESULT,
        steps=(A.DECIDE,),
        grounds=_LAWS,
        body=(
            "I. Nội dung khiếu nại: {subject}.\n\nII. Kết quả xác minh: {blank}\n\nIII. Kết quả đối"
            " thoại (nếu có): {blank}\n\nIV. Kết luận: {outcome}\n\nĐiều 1. {blank}\n\nĐiều 2. Nếu"
            " không đồng ý với Quyết định này, người khiếu nại có quyền khiếu nại lần hai hoặc khởi"
            " kiện vụ án hành chính tại Tòa án theo quy định của pháp luật.\n\nĐiều 3. Các cơ quan,"
            " tổ chức, cá nhân có liên quan chịu trách nhiệm thi hành Quyết định này."
        ),
        recipients="{petitioner}\n{respondent}\nThanh tra thành phố Hà Nội\n" + TO_FILE,
    ),
    PaperKind(
        code="second_decision",
        title="Quyết định",
        about="về việc giải quyết khiếu nại (lần hai)",
        legal=f"Điều 40 {COMPLAINT_LAW}; {COMPLAINT_DECREE}",
        instance=2,
        is_doubtful=True,
        sign="QĐ",
        form=Form.DECISION,
        case_kinds=COMPLAINT,
        states=RESULT,
        steps=(A.DECIDE,),
        grounds=_LAWS,
        body=(
            "I. Nội dung khiếu nại: {subject}.\n\nII. Kết quả giải quyết khiếu nại lần đầu: {blank}"
            "\n\nIII. Kết quả xác minh: {blank}\n\nIV. Kết quả đối thoại: {blank}\n\nV. Kết luận:"
            " {outcome}\n\nĐiều 1. {blank}\n\nĐiều 2. Nếu không đồng ý với Quyết định này, người khiếu"
            " nại có quyền khởi kiện vụ án hành chính tại Tòa án theo quy định của pháp luật.\n\nĐiều"
            " 3. Các cơ quan, tổ chức, cá nhân có liên quan chịu trách nhiệm thi hành Quyết định này."
        ),
        recipients="{petitioner}\n{respondent}\nThanh tra thành phố Hà Nội\n" + TO_FILE,
    ),
    PaperKind(
        code="denunciation_conclusion",
        title="Kết luận",
        about="nội dung tố cáo",
        legal=f"Mẫu số 12, {DENUNCIATION_DECREE}; Điều 35 {DENUNCIATION_LAW}",
        is_doubtful=True,
        sign="KL",
        case_kinds=DENUNCIATION,
        states=RESULT,
        steps=(A.DECIDE,),
        body=(
            "Nội dung vụ việc{known_as}: {subject}.\n\nI. Kết quả xác minh nội dung tố cáo: {blank}"
            "\n\nII. Kết luận: {outcome}\n\nIII. Các biện pháp xử lý, kiến nghị: {blank}"
        ),
        recipients="{respondent}\nLưu: VT, hồ sơ vụ việc",
    ),
    PaperKind(
        code="reply",
        title="Công văn",
        about="về việc trả lời kiến nghị, phản ánh",
        legal="Điều 28 Luật Tiếp công dân số 42/2013/QH13",
        is_doubtful=True,
        sign="CV",
        case_kinds=OPINIONS,
        states=RESULT,
        steps=(A.DECIDE,),
        addressee="{petitioner}",
        body=(
            "Ngày {received}, {unit} nhận được đơn của {petitioner}, mã hồ sơ {code}, về việc:"
            " {subject}.\n\nSau khi xem xét, {unit} trả lời như sau:\n\n{outcome}"
        ),
        recipients=TO_ADDRESSEE,
    ),
    PaperKind(
        code="result_notice",
        title="Thông báo",
        about="kết quả giải quyết",
        legal="Điều 27, Điều 28 Luật Tiếp công dân số 42/2013/QH13",
        is_doubtful=True,
        sign="TB",
        case_kinds=ANY_KIND,
        states=AFTER_RESULT,
        steps=(A.NOTIFY,),
        addressee="{petitioner}",
        body=(
            "{unit} thông báo kết quả giải quyết vụ việc có mã hồ sơ {code}: {subject}.\n\nKết quả:"
            " {outcome}"
        ),
        recipients=TO_ADDRESSEE,
    ),
)
