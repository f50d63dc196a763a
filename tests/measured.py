"""What a test measured and a person should read without asking for it."""

from typing import Any

MEASURED = "measured"


def measured_tell(reporter: Any) -> None:
    """Print the lines that tests recorded as ``MEASURED``, whether they passed or not."""
    reports = [one for name in ("passed", "failed") for one in reporter.stats.get(name, [])]
    lines = [
        value
        for one in reports
        for name, value in getattr(one, "user_properties", ())
        if name == MEASURED
    ]
    if lines:
        reporter.section("measured")
    for line in sorted(lines):
        reporter.write_line(line)
