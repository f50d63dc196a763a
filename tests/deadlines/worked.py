"""Limits worked out by hand from the law and the calendar, never from the program's output.

A line: rule | day of the event | legal last day | effective last day | counted working days, in
the order of counting, as days of the month (``-`` where days of the calendar are counted) | why.
"""

from typing import NamedTuple


class Worked(NamedTuple):
    code: str
    start: str
    legal: str
    due: str
    days: list[int]
    why: str


TABLE = """
# Acceptance, both sides of 1 July 2026, days off in between
KN-ACC | 2026-11-16 | 2026-11-26 | 2026-11-26 | 17 18 19 20 23 25 26 | Tuesday 24/11 is off
KN-NOACC | 2026-11-16 | 2026-11-26 | 2026-11-26 | 17 18 19 20 23 25 26 | as long as the acceptance
KN-ACC | 2026-11-15 | 2026-11-25 | 2026-11-25 | 16 17 18 19 20 23 25 | received on a Sunday
KN-ACC-OLD | 2026-06-30 | 2026-07-10 | 2026-07-10 | - | the old 10 days: Friday 10/7
KN-ACC | 2026-07-01 | 2026-07-10 | 2026-07-10 | 2 3 6 7 8 9 10 | the new 7 working days
KN-ACC-OLD | 2026-06-24 | 2026-07-04 | 2026-07-06 | - | 6 left in June, Saturday 4/7: Monday
KN2-ACC-OLD | 2026-06-30 | 2026-07-10 | 2026-07-10 | - | second instance, still 10 days
KN2-ACC | 2026-07-01 | 2026-07-10 | 2026-07-10 | 2 3 6 7 8 9 10 | second instance, 7 working days
TC-INIT | 2026-02-11 | 2026-02-27 | 2026-02-27 | 12 13 23 24 25 26 27 | Tết 14-22/2
TC-INIT | 2027-02-03 | 2027-02-19 | 2027-02-19 | 4 12 15 16 17 18 19 | Tết 5-11/2
TC-INIT | 2026-08-14 | 2026-08-24 | 2026-08-24 | 17 18 19 20 21 22 24 | Saturday 22/8 is worked
TC-INIT-X | 2026-11-23 | 2026-12-08 | 2026-12-08 | 25 26 27 30 1 2 3 4 7 8 | ten in all
IH-RECV | 2026-11-23 | 2026-11-25 | 2026-11-25 | 25 | 24/11 is off

# Resolution: normal, complex, remote, both; first and second instance
KN-RES1-N | 2026-11-26 | 2026-12-26 | 2026-12-28 | - | 4 + 26 days, a Saturday: Monday 28/12
KN-RES1-C | 2026-11-26 | 2027-01-10 | 2027-01-11 | - | 4 + 31 + 10, a Sunday: Monday 11/1
KN-RES1-R | 2026-11-26 | 2027-01-10 | 2027-01-11 | - | remote: 45 as well
KN-RES1-RC | 2026-11-26 | 2027-01-25 | 2027-01-25 | - | 4 + 31 + 25, a Monday
KN2-RES-N | 2026-11-26 | 2027-01-10 | 2027-01-11 | - | 4 + 31 + 10, a Sunday: Monday 11/1
KN2-RES-C | 2026-11-26 | 2027-01-25 | 2027-01-25 | - | 4 + 31 + 25, a Monday
KN2-RES-R | 2026-07-01 | 2026-08-30 | 2026-09-03 | - | 30 + 30, Sunday; 31/8, 1/9, 2/9 off
KN2-RES-RC | 2026-07-01 | 2026-09-09 | 2026-09-09 | - | 30 + 31 + 9, a Wednesday
KN-RES1-N | 2026-01-17 | 2026-02-16 | 2026-02-23 | - | 14 + 16, first day of Tết: Monday 23/2
KN-RES1-N | 2026-08-03 | 2026-09-02 | 2026-09-03 | - | 28 + 2, National Day: Thursday
KN-RES1-N | 2026-03-28 | 2026-04-27 | 2026-04-28 | - | 3 + 27, in lieu of Sunday 26/4: Tuesday
KN-RES1-N | 2027-01-31 | 2027-03-02 | 2027-03-02 | - | all 28 of February and 2 more
KN-RES1-N | 2026-01-31 | 2026-03-02 | 2026-03-02 | - | all 28 of February and 2 more
KN-RES1-N | 2026-12-02 | 2027-01-01 | 2027-01-04 | - | 29 + 1, New Year, a Friday: Monday 4/1
TC-RES | 2026-04-01 | 2026-05-01 | 2026-05-04 | - | 29 + 1, 1/5 is off, a Friday: Monday 4/5
TC-TAKEOVER | 2026-11-26 | 2026-12-26 | 2026-12-28 | - | the superior's own 30 days
TC-RES-X1 | 2026-12-28 | 2027-01-27 | 2027-01-27 | - | 3 + 27 from the previous end
TC-RES-X2A | 2026-12-28 | 2027-01-27 | 2027-01-27 | - | 3 + 27 from the previous end
TC-RES-X2B | 2027-01-27 | 2027-02-26 | 2027-02-26 | - | 4 + 26, a Friday
TC-NEXT | 2026-11-04 | 2026-11-24 | 2026-11-25 | - | 20 days, 24/11 is off
IH-URGENT | 2026-11-23 | 2026-11-23 | 2026-11-23 | - | half a working day on the same Monday
IH-URGENT | 2026-11-22 | 2026-11-23 | 2026-11-23 | - | from Sunday: half of Monday
IH-URGENT | 2026-11-24 | 2026-11-25 | 2026-11-25 | - | from a holiday: half of Wednesday
KP-VOTER | 2026-11-26 | 2027-01-25 | 2027-01-25 | - | 4 + 31 + 25, a Monday

# Sending, handling, publishing
KN-SEND1 | 2026-02-13 | 2026-02-25 | 2026-02-25 | 23 24 25 | nothing counts in Tết
KN-SEND1 | 2026-01-07 | 2026-01-10 | 2026-01-10 | 8 9 10 | Saturday 10/1 is worked
KN-SEND1 | 2025-12-31 | 2026-01-07 | 2026-01-07 | 5 6 7 | 1/1 off, 2/1 swapped for 10/1
KN-SEND1 | 2026-08-28 | 2026-09-07 | 2026-09-07 | 3 4 7 | 31/8, 1/9, 2/9 off
KN-SEND1 | 2027-04-29 | 2027-05-06 | 2027-05-06 | 4 5 6 | 30/4 off, 3/5 in lieu of 1/5
KN-SUSP-SEND | 2026-11-23 | 2026-11-27 | 2026-11-27 | 25 26 27 | 24/11 is off
KN-RESUME-SEND | 2026-11-20 | 2026-11-26 | 2026-11-26 | 23 25 26 | a weekend and 24/11
KN2-SEND | 2026-11-20 | 2026-11-27 | 2026-11-27 | - | "ngày": 7 days of the calendar
KN-DOCS | 2026-11-17 | 2026-11-24 | 2026-11-25 | - | 7 days, 24/11 is off
KN-PUB | 2026-11-20 | 2026-12-05 | 2026-12-05 | - | a posting lasts, its end does not move
TC-FWD | 2027-02-04 | 2027-02-18 | 2027-02-18 | 12 15 16 17 18 | Tết 5-11/2
TC-FWD | 2026-08-22 | 2026-08-28 | 2026-08-28 | 24 25 26 27 28 | from a worked Saturday
TC-ACC-NOT | 2026-11-23 | 2026-12-01 | 2026-12-01 | 25 26 27 30 1 | 24/11 is off
TC-SUSP-SEND | 2026-11-23 | 2026-12-01 | 2026-12-01 | 25 26 27 30 1 | 24/11 is off
TC-CONC-SEND | 2027-02-03 | 2027-02-17 | 2027-02-17 | 4 12 15 16 17 | Tết 5-11/2
TC-HANDLE | 2026-08-27 | 2026-09-10 | 2026-09-10 | 28 3 4 7 8 9 10 | 31/8, 1/9, 2/9 off
TC-HANDLE-REP | 2026-11-23 | 2026-12-01 | 2026-12-01 | 25 26 27 30 1 | 24/11 is off
TC-PUB | 2026-11-20 | 2026-12-02 | 2026-12-02 | 23 25 26 27 30 1 2 | decided on a Friday
TC-PUB-POST | 2026-11-20 | 2026-12-05 | 2026-12-05 | - | a posting lasts, its end does not move
TC-PRESS | 2026-11-04 | 2026-11-24 | 2026-11-25 | - | 20 days, 24/11 is off
TC-OVERDUE-ASK | 2026-11-23 | 2026-12-01 | 2026-12-01 | 25 26 27 30 1 | the superior asks
TC-OVERDUE-REP | 2026-11-23 | 2026-12-01 | 2026-12-01 | 25 26 27 30 1 | the unit reports
KP-NOTICE | 2026-02-13 | 2026-03-06 | 2026-03-06 | 23 24 25 26 27 2 3 4 5 6 | after Tết
KP-REG-FWD | 2026-11-23 | 2026-12-01 | 2026-12-01 | 25 26 27 30 1 | 24/11 is off
TCD-NOTICE | 2026-12-29 | 2027-01-13 | 2027-01-13 | 30 31 4 5 6 7 8 11 12 13 | New Year is off
TCD-RESULT-FWD | 2026-11-16 | 2026-11-26 | 2026-11-26 | 17 18 19 20 23 25 26 | 24/11 is off
TCD-RESULT-CIT | 2026-11-16 | 2026-11-23 | 2026-11-23 | 17 18 19 20 23 | an ordinary Monday
TCD-REFUSE | 2027-04-15 | 2027-04-21 | 2027-04-21 | 19 20 21 | Friday 16/4 is off
DANG-NOTICE | 2026-11-16 | 2026-12-01 | 2026-12-01 | 17 18 19 20 23 25 26 27 30 1 | ten
DON-FWD-TT05 | 2026-11-16 | 2026-12-01 | 2026-12-01 | 17 18 19 20 23 25 26 27 30 1 | ten

# Filing, entry into force, thresholds, retention, personal data
KN-FILE | 2026-11-23 | 2027-02-21 | 2027-02-22 | - | 7 + 31 + 31 + 21, a Sunday: Monday
KN-2ND-FILE-D | 2027-01-06 | 2027-02-05 | 2027-02-12 | - | 25 + 5, Tết 5-11/2: Friday 12/2
KN-2ND-FILE-O | 2026-07-01 | 2026-07-31 | 2026-07-31 | - | 30 days, a Friday
KN-2ND-FILE-R | 2026-07-01 | 2026-08-15 | 2026-08-17 | - | 30 + 15, a Saturday: Monday
KN-DINHCHI-30 | 2026-10-25 | 2026-11-24 | 2026-11-25 | - | 6 + 24, 24/11 is off
KN-EFF1 | 2026-07-23 | 2026-08-22 | 2026-08-22 | - | 8 + 22, a Saturday that is worked stays
KN-EFF1-R | 2026-12-18 | 2027-02-01 | 2027-02-01 | - | 13 + 31 + 1, a Monday
KN2-EFF | 2026-07-01 | 2026-07-31 | 2026-07-31 | - | 30 days, a Friday
KN2-EFF-R | 2026-07-01 | 2026-08-15 | 2026-08-17 | - | 30 + 15, a Saturday: Monday
TCD-45 | 2026-10-10 | 2026-11-24 | 2026-11-25 | - | 21 + 24, 24/11 is off
DON-LUU | 2026-11-23 | 2027-11-23 | 2027-11-23 | - | a year, never moved
DL-ACK | 2026-04-24 | 2026-04-29 | 2026-04-29 | 28 29 | Monday 27/4 in lieu
DL-STOP | 2026-11-09 | 2026-11-24 | 2026-11-25 | - | 15 days, 24/11 is off
DL-STOP-3P | 2026-11-04 | 2026-11-24 | 2026-11-25 | - | 20 days, 24/11 is off
DL-EXT | 2026-11-25 | 2026-12-10 | 2026-12-10 | - | 5 + 10 from the previous end
DL-OTHER | 2026-11-14 | 2026-11-24 | 2026-11-25 | - | 10 days, 24/11 is off
DL-BREACH | 2026-11-19 | 2026-11-22 | 2026-11-22 | - | 72 hours: a Sunday stays

# At once
TC-CRIME | 2026-11-22 | 2026-11-22 | 2026-11-22 | - | on the Sunday itself
TCD-DB | 2026-11-24 | 2026-11-24 | 2026-11-24 | - | on the holiday itself

# Backwards from the day of the event
TCD-POST | 2026-12-01 | 2026-11-23 | 2026-11-23 | 30 27 26 25 23 | 24/11 is off
TCD-POST | 2026-09-03 | 2026-08-24 | 2026-08-24 | 28 27 26 25 24 | 2/9, 1/9, 31/8 off
TCD-POST | 2026-08-25 | 2026-08-19 | 2026-08-19 | 24 22 21 20 19 | Saturday 22/8 is worked
TCD-ONLINE-NOT | 2026-11-30 | 2026-11-20 | 2026-11-20 | 27 26 25 23 20 | 24/11 is off
TCD-ONLINE-TEST | 2027-02-12 | 2027-02-04 | 2027-02-04 | 4 | the last working day before Tết
KN-DLG-NOT | 2026-11-27 | 2026-11-22 | 2026-11-20 | - | 5 days back, a Sunday: back to Friday
KN-DLG-NOT | 2026-12-02 | 2026-11-27 | 2026-11-27 | - | 5 days back, a Friday
KN-DLG-NOT | 2026-11-29 | 2026-11-24 | 2026-11-23 | - | 5 days back, a holiday: back to Monday
"""


def _row(line: str) -> Worked:
    code, start, legal, due, days, why = (part.strip() for part in line.split("|"))
    return Worked(code, start, legal, due, [int(d) for d in days.split() if d != "-"], why)


EXAMPLES = [_row(line) for line in TABLE.splitlines() if line and not line.startswith("#")]
