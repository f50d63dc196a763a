"""Every clock of a case with its derivation, as a person reads it. Shows no personal data."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from deadlines.models import Clock
from petitions.models import CaseClock, Letter
from petitions.selectors import case_clocks


class Command(BaseCommand):
    help = "Explain every clock of a case: rule, article, start, skipped days, pauses, due date."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="code of the case or of any of its letters")
        parser.add_argument("--days", action="store_true", help="every day, not only skipped ones")

    def handle(self, *args: Any, **options: Any) -> None:
        code = options["code"].strip().upper()
        letter = Letter.objects.select_related("case").filter(code=code).first()
        if letter is None:
            raise CommandError(f"Không có đơn hoặc vụ việc mang mã {code!r}.")
        with override("vi"):
            self.stdout.write(f"Vụ việc {letter.case.code}")
            for link in case_clocks(letter.case):
                self.stdout.write("\n".join(_lines(link, every_day=options["days"])))


def _lines(link: CaseClock, *, every_day: bool) -> Iterator[str]:
    clock = link.clock
    kind = "chỉ tiêu nội bộ" if clock.is_internal else clock.mark or "thời hạn theo luật"
    yield ""
    yield f"{link.get_stage_display()}: {clock.rule_code} ({kind}), {clock.get_state_display()}"
    yield f"  căn cứ: {clock.basis}"
    yield f"  nội dung: {clock.words}"
    yield f"  phiên bản quy tắc: {clock.rule_version or 'không rõ'}"
    yield f"  bắt đầu: {clock.started_on:%d/%m/%Y}"
    yield f"  ngày cuối theo luật: {clock.legal_due_on:%d/%m/%Y}"
    yield f"  hạn: {clock.due_on:%d/%m/%Y}"
    if clock.closed_on:
        yield f"  kết thúc: {clock.closed_on:%d/%m/%Y}"
    yield from _changes(clock)
    yield f"  giải thích: {clock.explanation}"
    for step in clock.steps if every_day else clock.skipped:
        sign = "+" if step["counted"] else "-"
        yield f"  {sign} {step['date']:%d/%m/%Y}: {step['why']}"


def _changes(clock: Clock) -> Iterator[str]:
    for begin, end in clock.pauses:
        yield f"  tạm dừng: từ {begin} đến trước {end or '(đang tạm dừng)'}"
    for item in clock.extensions:
        yield f"  gia hạn ngày {item['on']}: {item['amount']} ngày, {item['rule']}, {item['basis']}"
