"""A rule in our own words, for people. No Django; the words are part of the law's data."""

from deadlines.rules import WORKING_DAYS, Rule

UNVERIFIED = "chưa đối chiếu văn bản"
INTERNAL = "chỉ tiêu nội bộ"
# What the clock starts from, after "kể từ" (or "trước" when counted backwards).
STARTS = {
    "acceptance_decision_issued": "ngày ra quyết định thụ lý",
    "accepted": "ngày thụ lý",
    "accepted_by_superior": "ngày cấp trên ra quyết định thụ lý",
    "breach_found": "lúc phát hiện vi phạm",
    "case_resolved": "ngày có kết quả giải quyết",
    "conclusion_issued": "ngày ban hành kết luận nội dung tố cáo",
    "conclusion_notice_issued": "ngày ban hành thông báo kết luận việc tiếp công dân",
    "content_received_at_reception": "ngày tiếp nhận nội dung tại nơi tiếp công dân",
    "decision_issued": "ngày ban hành quyết định",
    "dialogue_date": "ngày đối thoại",
    "event_date": "ngày xảy ra việc phải cập nhật",
    "expert_assessment_requested": "ngày trưng cầu giám định",
    "filed": "ngày lưu đơn",
    "finding_made": "ngày xác định có dấu hiệu tội phạm",
    "first_decision_received_by_complainant": "ngày nhận được quyết định giải quyết lần đầu",
    "first_decision_received_or_deadline_expired": (
        "ngày nhận được quyết định lần đầu hoặc ngày hết thời hạn giải quyết lần đầu"
    ),
    "first_resolution_deadline_expired": "ngày hết thời hạn giải quyết lần đầu",
    "knowledge_or_receipt_of_administrative_decision_or_act": (
        "ngày nhận được hoặc biết được quyết định, hành vi hành chính"
    ),
    "outcome_available": "ngày có kết quả xử lý",
    "period_began": "ngày đầu của kỳ báo cáo",
    "posting_started": "ngày bắt đầu niêm yết",
    "previous_deadline": "ngày hết thời hạn trước",
    "received": "ngày nhận được đơn, yêu cầu",
    "reception_date": "ngày tiếp công dân",
    "refusal_grounds_established": "ngày xác định có căn cứ từ chối",
    "request_made": "ngày có yêu cầu",
    "result_notice_received": "ngày nhận được thông báo kết quả",
    "superior_request_received": "ngày nhận được yêu cầu của cấp trên",
    "suspension_issued": "ngày ra quyết định tạm đình chỉ",
    "task_given": "ngày giao nhiệm vụ",
    "termination_notice": "ngày có văn bản thông báo đình chỉ",
}


def rule_words(rule: Rule) -> str:
    """What the article says, in our words: what is to be done, how many days, from when."""
    return f"{rule.condition}. {_limit_words(rule)}"


def rule_mark(rule: Rule) -> str:
    """What must be said beside a rule whose text was not compared with the law yet, else ""."""
    return "" if rule.status == "verified" else UNVERIFIED


def _limit_words(rule: Rule) -> str:
    start = STARTS[rule.clock_starts]
    if rule.days is None:
        return "Văn bản không ấn định số ngày."
    if not rule.days:
        return f"Thực hiện ngay, tính từ {start}."
    if rule.hours:
        hours = "giờ làm việc" if rule.day_kind == WORKING_DAYS else "giờ liên tục"
        return f"Thời hạn: {rule.hours:g} {hours} kể từ {start}."
    unit = "ngày làm việc" if rule.day_kind == WORKING_DAYS else "ngày"
    amount = f"{abs(rule.days):g}".replace(".", ",")
    if rule.days < 0:
        return f"Ít nhất {amount} {unit} trước {start}."
    return f"Thời hạn: {amount} {unit} kể từ {start}."
