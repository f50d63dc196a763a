"""Days off: propose a year, compare what is stored, change with every open clock listed first."""

import csv
import io
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.errors import DomainError
from common.time import today
from deadlines.alarms import calendar_alarms
from deadlines.calendars import COLUMNS, calendar_file, calendar_read, calendar_rows
from deadlines.clock import Day
from deadlines.proposals import days_compare, days_propose
from deadlines.recalculation import Move, calendar_change


class Command(BaseCommand):
    help = "propose YEAR | check | change FILE --reason TEXT [--write]"

    def add_arguments(self, parser: CommandParser) -> None:
        parts = parser.add_subparsers(dest="part", required=True)
        propose = parts.add_parser("propose", help="days off of a year, to compare and correct")
        propose.add_argument("year", type=int)
        parts.add_parser("check", help="what is missing, unconfirmed or different elsewhere")
        change = parts.add_parser("change", help="bring the days off to what a file says")
        change.add_argument("file", help="CSV of all days, as deadlines/data/calendar_days.csv")
        change.add_argument("--reason", required=True, help="shown to citizens and officers")
        change.add_argument("--write", action="store_true", help="without it nothing is written")

    def handle(self, *args: Any, **options: Any) -> None:
        {"propose": self._propose, "check": self._check, "change": self._change}[options["part"]](
            options
        )

    def _propose(self, options: dict[str, Any]) -> None:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows((d.date.isoformat(), *d[1:]) for d in days_propose(options["year"]))
        self.stdout.write(text.getvalue(), ending="")

    def _check(self, options: dict[str, Any]) -> None:
        days = calendar_rows()
        for alarm in calendar_alarms(today(), days):
            self.stdout.write(f"Tết {alarm.year}: {_ALARMS[alarm.kind]}")
        years = sorted({day.date.year for day in days})
        for found in days_compare(days, years):
            ours, theirs = found.ours or "ngày làm việc", found.theirs or "ngày làm việc"
            self.stdout.write(f"{found.date:%d/%m/%Y}: lịch ghi {ours}; gói holidays ghi {theirs}")
        self.stdout.write(f"Đã so {len(days)} ngày của các năm {', '.join(map(str, years))}.")

    def _change(self, options: dict[str, Any]) -> None:
        if not options["reason"].strip():
            raise CommandError("Cần lý do thay đổi (--reason).")
        days = _days(options["file"])
        try:
            found = calendar_change(
                days,
                reason=options["reason"].strip(),
                write=options["write"],
                listed=self._list,
            )
        except DomainError as error:
            raise CommandError(str(error.message)) from error
        done = "Đã ghi" if options["write"] else "Chưa ghi gì (thêm --write để ghi)"
        self.stdout.write(
            f"{done}. Đã xét {found.examined} thời hạn: dời {found.moved}, giữ ngày đã báo"
            f" {found.kept}."
        )
        if set(days) != set(calendar_file()):
            self.stdout.write(
                "Lưu ý: tệp lịch của hệ thống (CALENDAR_DAYS_FILE) khác tệp này; lần nạp dữ liệu"
                " tham chiếu sau sẽ theo tệp của hệ thống. Hãy thay tệp đó."
            )

    def _list(self, move: Move) -> None:
        words = "giữ nguyên, tính lại ra" if move.kept else "dời đến"
        self.stdout.write(
            f"{move.public_id} {move.rule_code}: {move.before:%d/%m/%Y} {words}"
            f" {move.after:%d/%m/%Y}"
        )


_ALARMS = {
    "missing": "chưa có ngày nghỉ nào",
    "unconfirmed": "chưa có thông báo chính thức",
}


def _days(path: str) -> list[Day]:
    """The days of a file. Raises CommandError naming what cannot be read."""
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8-sig")
        return calendar_read(io.StringIO(text))
    except (OSError, UnicodeDecodeError, KeyError, ValueError) as error:
        raise CommandError(f"Không đọc được tệp lịch: {error}") from error
