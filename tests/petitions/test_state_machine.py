"""The state machine explored: every state, every refused pair, in the service and the database."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.errors import DomainError, InvalidInput, NotPermitted
from common.invariants import invariants_broken
from common.time import now
from communes.models import Unit
from petitions.models import Case, SubjectField
from petitions.services.actions import case_act
from petitions.services.intake import petition_file
from petitions.workflow import (
    ALL_KINDS,
    CLOSED_STATUSES,
    Action,
    Status,
    moves,
    transition_find,
    transitions_from,
)
from tests.people import Story, filing_make
from tests.petitions.machine import everything, inputs_for

KINDS = sorted(ALL_KINDS)
START = dt.datetime(2026, 7, 6, 2, tzinfo=dt.UTC)
# Every pair of states of every kind, tried in the database itself: those that its trigger lets by.
TRY_MOVES = """
    CREATE FUNCTION pg_temp.moves_allowed(states text[]) RETURNS SETOF text LANGUAGE plpgsql AS $$
    DECLARE
        item record; target text; refused_by text;
    BEGIN
        FOR item IN SELECT id, kind, status FROM petitions_case ORDER BY id LOOP
            FOREACH target IN ARRAY states LOOP
                CONTINUE WHEN target = item.status;
                refused_by := '';
                BEGIN
                    UPDATE petitions_case SET status = target WHERE id = item.id;
                    RAISE EXCEPTION USING ERRCODE = 'P0002';
                EXCEPTION
                    WHEN check_violation THEN
                        GET STACKED DIAGNOSTICS refused_by = CONSTRAINT_NAME;
                    WHEN no_data_found THEN
                        NULL;
                END;
                IF refused_by <> 'case_status_follows_table' THEN
                    RETURN NEXT item.kind || ' ' || item.status || ' ' || target;
                END IF;
            END LOOP;
        END LOOP;
    END $$
"""


def in_every_state() -> list[Case]:
    """A case of each kind in each state, written past the services."""
    unit, field = Unit.objects.get(code="00004"), SubjectField.objects.first()
    main = Case.objects.create(
        code="HN-CHINH", kind="complaint", status="received", unit=unit, field=field,
        subject="x", submitted_at=START,
    )  # fmt: skip
    rows = [
        Case(
            code=f"HN-{kind[:6]}-{number}",
            kind=kind,
            status=status.value,
            unit=unit,
            field=field,
            subject="x",
            submitted_at=START,
            closed_at=START if status.value in CLOSED_STATUSES else None,
            forwarded_to=unit if status is Status.FORWARDED else None,
            merged_into=main if status is Status.DUPLICATE else None,
        )
        for kind in KINDS
        for number, status in enumerate(Status)
    ]
    return Case.objects.bulk_create(rows)


def test_every_state_is_reached_by_some_kind() -> None:
    targets = {new for _kind, _old, new in moves()} | {Status.SUBMITTED.value}
    assert targets == {status.value for status in Status}


@pytest.mark.django_db
def test_the_database_allows_exactly_the_moves_of_the_table() -> None:
    in_every_state()
    with connection.cursor() as cursor:
        cursor.execute(TRY_MOVES)
        cursor.execute("SELECT pg_temp.moves_allowed(%s)", [[status.value for status in Status]])
        allowed = {row[0] for row in cursor.fetchall()}
    expected = {" ".join(move) for move in moves() if move[1] != move[2]}
    assert allowed == expected


@pytest.mark.django_db
def test_the_kind_of_a_case_never_changes_in_the_database() -> None:
    case = in_every_state()[0]
    with pytest.raises(Exception, match="cannot go from"):
        Case.objects.filter(pk=case.pk).update(kind="feedback")


@pytest.mark.django_db
def test_every_pair_that_the_table_does_not_know_is_refused() -> None:
    access = everything()
    for case in in_every_state():
        for action in Action:
            if transition_find(case.status, action.value, case.kind) is not None:
                continue
            with pytest.raises(DomainError, match="wrong_state"):
                case_act(access=access, code=case.code, action=action, version=1, inputs={})
    assert not Case.objects.exclude(version=1).exists()


@pytest.mark.django_db
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data(), kind=st.sampled_from(KINDS))
def test_random_histories_keep_every_invariant(data: st.DataObject, kind: str) -> None:
    access = everything()
    respondent = {"name": "Ông Thử", "unit": "00025", "position": "officer"}
    about = respondent if kind in ("complaint", "denunciation") else None
    main = petition_file(filing=filing_make(kind=kind, respondent=about), at=START, quiet=True)
    filed = petition_file(filing=filing_make(kind=kind, respondent=about), at=START, quiet=True)
    at = START
    depth = data.draw(st.sampled_from(["", "accepted", "decided"]), label="from")
    if depth:
        getattr(Story(filed), depth)(at)
    for _ in range(data.draw(st.integers(2, 10), label="steps")):
        case = Case.objects.select_related("unit", "field").get(code=filed.code)
        rows = transitions_from(case.status, kind)
        moving = [row for row in rows if row.target is not None] or rows
        if not rows:
            break
        row = data.draw(st.sampled_from([*moving, *rows]), label="row")
        at += dt.timedelta(days=data.draw(st.integers(0, 9), label="days"))
        if at >= now():
            break
        inputs = inputs_for(row, case, main.code, at, lambda v: data.draw(st.sampled_from(v)))
        try:
            case_act(
                access=access,
                code=case.code,
                action=row.action.value,
                version=case.version,
                inputs=inputs,
                at=at,
                quiet=True,
            )
        except (DomainError, InvalidInput, NotPermitted):
            assert Case.objects.get(pk=case.pk).version == case.version
        assert invariants_broken() == {}, row.action


@pytest.mark.django_db
def test_two_people_on_one_case_the_second_is_told(story: Callable[..., Story]) -> None:
    tale = story(at=START)
    tale.do("clerk", "receive", START, is_signed=True)
    seen = tale.case.version
    tale.do("clerk", "classify", START, field="housing")
    with pytest.raises(DomainError, match="stale"):
        case_act(
            access=everything(),
            code=tale.filed.code,
            action="propose",
            version=seen,
            inputs={"proposal": "accept", "text": "Đề xuất."},
        )
