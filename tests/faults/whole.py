"""What must be true after every fault: each due step once, each notice told or visible."""

import datetime as dt
import email
import email.policy
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from deadlines.models import Clock, ClockState
from directives.escalations import ACTIONS as DIRECTIVE_ACTIONS
from directives.models import AssignmentEvent
from escalation.enums import StepKind
from escalation.ladder import SHIPPED, moments_of, skip_reason
from escalation.models import Escalation, SweepStop
from notifications.channels.email import message_id
from notifications.delivery import BATCH, row_key
from notifications.models import OutboxMessage
from petitions.models import CaseClock, CaseEvent
from receptions.enums import TaskState
from receptions.escalations import ACTIONS as RECEPTION_ACTIONS
from receptions.models import ConclusionTask, SessionEvent
from tests.faults.test_up import ROOT

Taken = tuple[int, int, int]
ACTIONS = {
    StepKind.REMINDER: "petitions.case.reminded",
    StepKind.ESCALATION: "petitions.case.escalated",
}
# Deliveries that may be at work at once in one worker.
AT_ONCE = 2


def expected_steps(at: dt.datetime) -> Iterator[Taken]:
    """(clock, round, step) that must have been taken by a UTC moment, from the dates alone."""
    for clock in Clock.objects.filter(state=ClockState.RUNNING, parked_at=None):
        ladder = SHIPPED[clock.ladder]
        moments = moments_of(ladder, clock.started_on, clock.due_on)
        assert moments == clock.step_moments
        until = min(at, _rests_since(clock) or at)
        for index, (step, moment) in enumerate(zip(ladder, moments, strict=True)):
            if moment <= until and not skip_reason(step, moment, clock):
                yield clock.pk, clock.step_round, index


def _rests_since(clock: Clock) -> dt.datetime | None:
    """The UTC moment from which the ladder waits: a task is reported and its leader has the word."""
    reported = ConclusionTask.objects.filter(clocks__clock=clock, state=TaskState.REPORTED)
    return reported.values_list("reported_at", flat=True).first()


def steps_missing(at: dt.datetime) -> set[int]:
    """Clocks with a step that must have been taken by a UTC moment and was not. How many depends on
    the day and its holidays; that they are these does not."""
    taken = set(Escalation.objects.values_list("clock_id", "round", "step"))
    return {step[0] for step in set(expected_steps(at)) - taken}


def assert_steps_once(at: dt.datetime) -> int:
    """Nothing due is missing, nothing is there before its time; returns the number of steps."""
    running = Escalation.objects.filter(clock__state=ClockState.RUNNING, clock__parked_at=None)
    taken = Counter(running.filter(due_at__lte=at).values_list("clock_id", "round", "step"))
    expected = set(expected_steps(at))
    assert set(taken) == expected, (len(taken), len(expected))
    assert set(taken.values()) <= {1}
    assert not SweepStop.objects.exists()
    return len(expected)


def assert_history_once() -> None:
    """One event a step, in the history of its case, its reception or its task of a directive."""
    case_of = dict(CaseClock.objects.values_list("clock_id", "case_id"))
    rows = list(Escalation.objects.select_related("clock"))
    steps = Counter(
        (case_of[row.clock_id], ACTIONS[StepKind(row.kind)], row.clock.rule_code, row.step_code)
        for row in rows
        if row.clock_id in case_of
    )
    told = CaseEvent.objects.filter(action__in=ACTIONS.values())
    names = ("case_id", "action", "data__rule", "data__step")
    assert Counter(told.values_list(*names)) == steps
    of_receptions = SessionEvent.objects.filter(action__in=RECEPTION_ACTIONS.values())
    of_directives = AssignmentEvent.objects.filter(action__in=DIRECTIVE_ACTIONS.values())
    by_rule = ("data__rule", "data__step")
    others = Counter(of_receptions.values_list(*by_rule))
    others += Counter(of_directives.values_list(*by_rule))
    assert others == Counter(
        (row.clock.rule_code, row.step_code) for row in rows if row.clock_id not in case_of
    )


def assert_told(*, rest: int = 0) -> None:
    """Each step has its notices; each mail has ended, or ``rest`` are put off to the morning."""
    events = OutboxMessage.objects.filter(event__startswith="clock:", channel="app")
    told = {tuple(event.split(":")[1:3]) for event in events.values_list("event", flat=True)}
    steps = Escalation.objects.filter(unit__isnull=False).select_related("clock")
    assert told == {(str(row.clock.public_id), row.step_code) for row in steps}
    mails = OutboxMessage.objects.filter(channel="email")
    states = Counter(mails.values_list("state", flat=True))
    assert set(states) <= {"sent", "spread", "suppressed", "failed", "pending"}
    assert states["pending"] == rest == mails.filter(state="pending", attempts=0).count()
    spread = mails.filter(state="spread").values_list("event", flat=True)
    to_people = mails.filter(recipient__isnull=False).values_list("event", flat=True)
    assert set(spread) <= set(to_people)


def mails_read(folder: Path, known: dict[str, tuple[str, str]]) -> None:
    """Add what is new in the catcher's directory: Message-ID and what the reader sees."""
    for path in folder.glob("*.eml"):
        if path.name not in known:
            mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            parts = [part.get_content() for part in mail.walk() if not part.is_multipart()]
            seen = "\n".join([str(mail["To"]), str(mail["Subject"]), *map(str, parts)])
            known[path.name] = (str(mail["Message-ID"]), seen)


def assert_mails(known: Mapping[str, tuple[str, str]]) -> int:
    """What counts as sent has arrived, under its own name; returns the number of copies."""
    by_id: dict[str, list[str]] = {}
    for identity, seen in known.values():
        by_id.setdefault(identity, []).append(seen)
    sent = OutboxMessage.objects.filter(channel="email", state="sent")
    wanted = {message_id(row_key(row)) for row in sent}
    assert wanted <= set(by_id), f"{len(wanted - set(by_id))} counted as sent did not arrive"
    for copies in by_id.values():
        assert len(set(copies)) == 1, "two texts under one Message-ID"
    return sum(len(by_id[identity]) - 1 for identity in wanted)


def assert_commands(environment: Mapping[str, str]) -> None:
    """``check_data`` and ``verify_history`` as processes, both at once."""
    running = [
        subprocess.Popen(
            [sys.executable, "manage.py", name],
            cwd=ROOT,
            env={**environment, "PORTAL_PROCESS": "command"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        for name in ("check_data", "verify_history")
    ]
    told = [process.communicate(timeout=240)[0].decode() for process in running]
    assert [process.returncode for process in running] == [0, 0], told


def copies_allowed(kills: int) -> int:
    """A killed delivery sends its batch once more; not more than that."""
    return BATCH * AT_ONCE * kills
