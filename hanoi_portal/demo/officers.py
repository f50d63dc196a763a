"""What officers write in the demo data: proposals, notes, decisions, minutes, progress."""

import random

from hanoi_portal.demo.facts import Facts
from hanoi_portal.demo.phrasebook import choose, fill, officers


def proposal(rng: random.Random, kind: str, facts: Facts) -> str:
    """A handler's proposal to the head."""
    return _say(rng, "proposal", kind, facts)


def verification_note(rng: random.Random, facts: Facts) -> str:
    """What was found in one step of the verification."""
    return _say(rng, "verification", "any", facts)


def decision_summary(rng: random.Random, kind: str, facts: Facts) -> str:
    """The substance of a decision, conclusion or reply."""
    return _say(rng, "decision", kind, facts)


def dialogue_note(rng: random.Random, facts: Facts) -> str:
    """What was said at a dialogue with the complainant."""
    return _say(rng, "dialogue", "any", facts)


def escalation_answer(rng: random.Random, facts: Facts) -> str:
    """What a leader answers to an escalation."""
    return _say(rng, "answer", "any", facts)


def reason(rng: random.Random, step: str, facts: Facts) -> str:
    """Why: ``return``, ``suspend``, ``terminate``, ``supplement`` or ``file_away``."""
    return _say(rng, "reason", step, facts)


def guidance(rng: random.Random, facts: Facts) -> str:
    """The letter that guides a citizen to the competent body."""
    return _say(rng, "guidance", "any", facts)


def refusal(rng: random.Random, kind: str, facts: Facts) -> str:
    """Why a letter is not accepted."""
    return _say(rng, "refusal", kind, facts)


def message(rng: random.Random, side: str, facts: Facts) -> str:
    """A message of ``staff`` or of the ``citizen``."""
    return _say(rng, "message", side, facts)


def reception_topic(rng: random.Random, facts: Facts) -> str:
    """What a citizen wants to speak about at a reception."""
    return _say(rng, "reception", "topic", facts)


def reception_outcome(rng: random.Random, topic: str, facts: Facts) -> str:
    """What came of one visit about ``topic``."""
    facts["chu_de"] = topic[:1].lower() + topic[1:]
    return _say(rng, "reception", "outcome", facts)


def reception_minutes(rng: random.Random, facts: Facts) -> str:
    """Summary of a whole reception session."""
    return _say(rng, "reception", "minutes", facts)


def conclusion_task(rng: random.Random, topic: str, facts: Facts) -> str:
    """A task given by the leader at a reception."""
    facts["chu_de"] = topic[:1].lower() + topic[1:]
    return _say(rng, "reception", "conclusion", facts)


def progress_report(rng: random.Random, task: str, facts: Facts) -> str:
    """Progress on a task of a directive, by its code such as ``1699-cv-tu-1-study``."""
    topic = task.rsplit("-", 1)[-1]
    return _say(rng, "progress", topic if topic in officers()["progress"] else "any", facts)


def plan_title(rng: random.Random, facts: Facts) -> str:
    return _say(rng, "plan", "title", facts)


def plan_number(rng: random.Random, facts: Facts) -> str:
    """The number of a unit's plan, such as "12-KH/ĐU"."""
    return _say(rng, "plan", "number", facts)


def _say(rng: random.Random, section: str, key: str, facts: Facts) -> str:
    return fill(choose(rng, officers()[section][key]), facts)


def after_result(rng: random.Random, what: str, facts: Facts) -> str:
    """What follows a result: ``publication``, ``measures`` or ``evidence``."""
    return _say(rng, "after", what, facts)
