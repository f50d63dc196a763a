"""Words of the invented documents of the demo and of what units wrote about them."""

from typing import Any

PLAN = {
    "number": "112-KH/BTGDV",
    "subject": "Kế hoạch thực hiện công tác dân vận ở phường, xã (dữ liệu minh họa)",
    "summary": "Văn bản do bộ dữ liệu minh họa của Cổng tạo ra, không phải văn bản có thật.",
}
OLD = {
    "number": "108-KH/BTGDV",
    "subject": "Kế hoạch rà soát công tác dân vận ở phường, xã (dữ liệu minh họa)",
}
WITHDRAWN = {
    "number": "115-KH/BTGDV",
    "subject": "Kế hoạch khảo sát ý kiến nhân dân (dữ liệu minh họa)",
}
NUMBERS = (PLAN["number"], OLD["number"], WITHDRAWN["number"])
_REVIEW = "Rà soát, sửa đổi quy chế thực hiện dân chủ"
_DIALOGUE = "Tổ chức đối thoại của người đứng đầu với nhân dân"
_SURVEY = "Khảo sát ý kiến nhân dân về giải phóng mặt bằng"
_COUNT = "Thống kê mô hình dân vận khéo"
# Calendar days before now on which a task is due; negative: still to come.
DUE_AGO = {_REVIEW: 24, _DIALOGUE: -12, _SURVEY: -20, _COUNT: 210}
_ONCE: dict[str, Any] = {"evidence": "Văn bản hoặc biên bản", "addressee": "authority"}
GROUPS: tuple[tuple[str, str, tuple[dict[str, Any], ...]], ...] = (
    (
        "Dân chủ ở cơ sở và đối thoại",
        "Hoàn thiện quy chế, tổ chức đối thoại đúng hạn.",
        (
            {
                "title": _REVIEW,
                "expected_result": "Quy chế được sửa đổi, công khai tại trụ sở.",
                "indicator": "yes_no",
                **_ONCE,
            },
            {
                "title": _DIALOGUE,
                "expected_result": "Có đối thoại, có kết luận, có người thực hiện.",
                "indicator": "count",
                "target": "2",
                **(_ONCE | {"addressee": "party_committee"}),
            },
        ),
    ),
    (
        "Nắm tình hình nhân dân",
        "Báo cáo định kỳ, nêu rõ vụ việc nổi lên và đề xuất.",
        (
            {
                "title": "Báo cáo tình hình nhân dân hằng tháng",
                "expected_result": "Báo cáo nêu vụ việc nổi lên và việc đã làm.",
                "evidence": "Báo cáo",
                "indicator": "count",
                "addressee": "party_committee",
                "rhythm": "monthly",
            },
            {
                "title": "Giám sát, phản biện của Mặt trận Tổ quốc hằng quý",
                "expected_result": "Có cuộc giám sát, có kiến nghị được trả lời.",
                "evidence": "Kết luận giám sát",
                "indicator": "count",
                "addressee": "front",
                "rhythm": "quarterly",
            },
        ),
    ),
)
OLD_GROUPS: tuple[tuple[str, str, tuple[dict[str, Any], ...]], ...] = (
    (
        "Rà soát ban đầu",
        "Thống kê những việc đã làm.",
        (
            {
                "title": _COUNT,
                "expected_result": "Danh sách mô hình có người phụ trách.",
                "indicator": "count",
                **_ONCE,
            },
        ),
    ),
)
WITHDRAWN_GROUPS: tuple[tuple[str, str, tuple[dict[str, Any], ...]], ...] = (
    (
        "Khảo sát",
        "Lấy ý kiến hộ dân trong vùng dự án.",
        (
            {
                "title": _SURVEY,
                "expected_result": "Phiếu khảo sát được tổng hợp.",
                "indicator": "percentage",
                **_ONCE,
            },
        ),
    ),
)
WITHDRAWN_REASON = "Trùng với cuộc khảo sát của Thành phố trong cùng thời gian."
MATERIAL = "Kế hoạch số 112-KH/BTGDV và quy chế thực hiện dân chủ của đơn vị"
GOING = "Đã lập tổ rà soát, phân công từng bộ phận; đang lấy ý kiến các tổ dân phố, thôn."
DONE = "Đã hoàn thành theo kế hoạch; văn bản được niêm yết tại trụ sở và nhà văn hóa."
CORRECTED = "Đã bổ sung biên bản lấy ý kiến và ý kiến tiếp thu theo yêu cầu."
RETURNED = "Báo cáo chưa kèm biên bản lấy ý kiến nhân dân; đề nghị bổ sung."
MORE_TIME = "Phải lấy ý kiến thêm hai tổ dân phố vừa sắp xếp lại."
NO_MORE_TIME = "Đơn vị đã có đủ thời gian; tập trung hoàn thành ngay."
PERIOD = "Tình hình nhân dân cơ bản ổn định; các ý kiến về môi trường đã được trả lời."
QUARTER = "Đã giám sát việc thu chi các khoản đóng góp; kiến nghị được trả lời bằng văn bản."
