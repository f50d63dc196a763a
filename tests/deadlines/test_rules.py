"""The table of rules: whole, checked, and chosen by kind, stage, instance, condition and date."""

import csv
from dataclasses import replace

import pytest

from deadlines.faults import NoFixedLimit, NotInForce, RuleTableWrong, RuleUnknown
from deadlines.rules import PATH, Rule, load_rules, rule_choose, rule_get, rules_check
from tests.deadlines.days import on

RULES = list(load_rules().values())


def test_all_81_rules_are_there() -> None:
    with PATH.open(encoding="utf-8", newline="") as file:
        codes = [row["code"] for row in csv.DictReader(file)]
    assert len(codes) == 81
    assert list(load_rules()) == codes


def test_every_rule_names_its_article_in_vietnamese() -> None:
    words = ("Điều", "Nghị định", "Quyết định", "Quy định", "Thông tư", "Luật", "Không có")
    assert [
        rule.code for rule in RULES if not rule.basis.startswith((*words, "khoản", "điểm"))
    ] == []


def test_rules_that_were_not_compared_with_the_law_are_marked() -> None:
    unread = {rule.code for rule in RULES if rule.status != "verified"}
    assert unread == {
        "KN-PUB",
        "KP-RES",
        "KP-VOTER",
        "DANG-RES",
        "DON-FWD-TT05",
        "IH-NORMAL",
        "DL-BREACH",
    }


@pytest.mark.parametrize(
    ("kind", "stage", "date", "instance", "condition", "code"),
    [
        ("complaint", "acceptance", "2026-06-30", 1, "normal", "KN-ACC-OLD"),
        ("complaint", "acceptance", "2026-07-01", 1, "normal", "KN-ACC"),
        ("complaint", "acceptance", "2026-06-30", 2, "normal", "KN2-ACC-OLD"),
        ("complaint", "acceptance", "2026-07-01", 2, "normal", "KN2-ACC"),
        ("complaint", "acceptance", "2026-11-23", 1, "remote_complex", "KN-ACC"),
        ("complaint", "resolution", "2026-11-23", 1, "normal", "KN-RES1-N"),
        ("complaint", "resolution", "2026-11-23", 1, "complex", "KN-RES1-C"),
        ("complaint", "resolution", "2026-11-23", 1, "remote", "KN-RES1-R"),
        ("complaint", "resolution", "2026-11-23", 1, "remote_complex", "KN-RES1-RC"),
        ("complaint", "resolution", "2026-11-23", 2, "normal", "KN2-RES-N"),
        ("complaint", "resolution", "2026-11-23", 2, "complex", "KN2-RES-C"),
        ("complaint", "resolution", "2026-11-23", 2, "remote", "KN2-RES-R"),
        ("complaint", "resolution", "2026-11-23", 2, "remote_complex", "KN2-RES-RC"),
        ("complaint", "decision_sent", "2026-11-23", 1, "normal", "KN-SEND1"),
        ("complaint", "decision_sent", "2026-11-23", 2, "normal", "KN2-SEND"),
        ("complaint", "decision_in_force", "2026-11-23", 1, "remote_complex", "KN-EFF1-R"),
        ("complaint", "filing", "2026-11-23", 2, "not_resolved", "KN-2ND-FILE-O"),
        ("denunciation", "acceptance", "2026-11-23", 1, "normal", "TC-INIT"),
        ("denunciation", "acceptance", "2026-11-23", 1, "several_places", "TC-INIT-X"),
        ("denunciation", "notice", "2026-11-23", 1, "normal", "TCD-NOTICE"),
        ("denunciation", "resolution", "2026-11-23", 1, "complex", "TC-RES"),
        ("denunciation", "decision_sent", "2026-11-23", 1, "normal", "TC-CONC-SEND"),
        ("recommendation", "notice", "2026-11-23", 1, "normal", "KP-NOTICE"),
        ("feedback", "notice", "2026-11-23", 1, "normal", "KP-NOTICE"),
        ("feedback", "resolution", "2026-11-23", 1, "normal", "KP-RES"),
    ],
)
def test_choice(kind: str, stage: str, date: str, instance: int, condition: str, code: str) -> None:
    chosen = rule_choose(kind, stage, on(date), instance=instance, condition=condition)
    assert chosen.code == code


@pytest.mark.parametrize(
    ("kind", "stage", "condition"),
    [
        ("petition", "acceptance", "normal"),
        ("complaint", "lunch", "normal"),
        ("complaint", "resolution", "urgent"),
    ],
)
def test_a_choice_without_a_rule_is_refused(kind: str, stage: str, condition: str) -> None:
    with pytest.raises(RuleUnknown):
        rule_choose(kind, stage, on("2026-11-23"), condition=condition)


def test_before_the_law_there_is_no_rule() -> None:
    with pytest.raises(NotInForce):
        rule_choose("complaint", "acceptance", on("2012-06-30"))


def test_limits_that_cannot_be_computed_say_why() -> None:
    with pytest.raises(NoFixedLimit):
        rule_get("KP-RES").limit(on("2026-11-23"))
    with pytest.raises(NotInForce):
        rule_get("KN-ACC").limit(on("2026-06-30"))
    with pytest.raises(NotInForce):
        rule_get("KN-ACC-OLD").limit(on("2026-07-01"))
    with pytest.raises(RuleUnknown):
        rule_get("KN-ACC-NEW")


FIRST = load_rules()["KN-ACC"]


@pytest.mark.parametrize(
    "wrong",
    [
        [FIRST, FIRST],
        [replace(FIRST, day_kind="lunar")],
        [replace(FIRST, status="guess")],
        [replace(FIRST, basis="")],
        [replace(FIRST, valid_to=on("2026-06-30"))],
        [replace(FIRST, extension_of="KN-NONE", relation="adds")],
        [replace(FIRST, relation="adds")],
        [replace(FIRST, days=0.5, day_kind="calendar")],
        [FIRST, replace(FIRST, code="KN-ACC-2")],
    ],
    ids=["twice", "day kind", "status", "basis", "dates", "target", "relation", "part", "choice"],
)
def test_a_wrong_table_stops_the_program(wrong: list[Rule]) -> None:
    with pytest.raises(RuleTableWrong):
        rules_check(wrong)
