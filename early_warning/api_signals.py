"""``/api/v1/warnings/`` and ``/api/v1/warning-rules/``: signals, their steps, the rules."""

import re
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access, access_of
from common.api import (
    StaffView,
    StrictSerializer,
    json_body,
    list_answer,
    plain_list,
    validated,
)
from common.errors import NotPermitted
from common.filters import Reader, filters_read, one_of, that
from common.time import iso, now, today
from early_warning import presenters as shown
from early_warning import selectors
from early_warning.enums import SignalState, WarningKind
from early_warning.models import Signal, SignalNote, WarningRule
from early_warning.policies import sees_rules, sees_signals
from early_warning.rules import Score, precision
from early_warning.selectors import SignalFilter
from early_warning.services import (
    Thresholds,
    rule_change,
    rule_get,
    rule_try,
    signal_appoint,
    signal_close,
    signal_follow_up,
    signal_reopen,
)
from early_warning.services.rules import REASON_MAX
from early_warning.services.signals import NOTE_MAX

OBJECT = OpenApiTypes.OBJECT
CASES_SHOWN = 50
AGE = re.compile(r"[0-9]{1,4}", re.ASCII)
CODE = re.compile(r"[-a-zA-Z0-9_]{1,32}", re.ASCII)
FILTERS: dict[str, Reader] = {
    "state": one_of((selectors.LIVE_STATES, *SignalState.values)),
    "kind": one_of(WarningKind.values),
    "unit": that(lambda code: CODE.fullmatch(code) is not None),
    "rule": that(lambda code: CODE.fullmatch(code) is not None),
    "age": that(lambda days: AGE.fullmatch(days) is not None),
    "mine": one_of(("1",)),
    "late": one_of(("1",)),
}


class WarningVersionInput(StrictSerializer):
    version = serializers.IntegerField(min_value=1)


class WarningOwnerInput(WarningVersionInput):
    owner = serializers.CharField(max_length=150)
    next_look_on = serializers.DateField()
    text = serializers.CharField(max_length=NOTE_MAX, required=False, allow_blank=True, default="")


class WarningFollowUpInput(WarningVersionInput):
    text = serializers.CharField(max_length=NOTE_MAX)
    next_look_on = serializers.DateField()


class WarningClosureInput(WarningVersionInput):
    is_true = serializers.BooleanField()
    text = serializers.CharField(max_length=NOTE_MAX)


class WarningReopeningInput(WarningVersionInput):
    text = serializers.CharField(max_length=NOTE_MAX)


class WarningThresholdsInput(StrictSerializer):
    least = serializers.IntegerField(min_value=1, max_value=10_000)
    step = serializers.IntegerField(min_value=1, max_value=10_000)
    window_days = serializers.IntegerField(min_value=0, max_value=365, required=False, default=0)
    factor = serializers.IntegerField(min_value=0, max_value=1000, required=False, default=0)
    subject_fields = serializers.ListField(
        child=serializers.CharField(max_length=40), max_length=50, required=False, default=list
    )
    is_active = serializers.BooleanField(required=False, default=True)


class WarningRuleChangeInput(WarningThresholdsInput):
    version = serializers.IntegerField(min_value=1)
    reason = serializers.CharField(max_length=REASON_MAX)


class WarningList(StaffView):
    @extend_schema(responses=OBJECT, parameters=[OpenApiParameter(name, str) for name in FILTERS])
    def get(self, request: Request) -> Response:
        """Early-warning signals that the person sees, newest first."""
        access = _signal_access(request)
        chosen = _filter(request.query_params.dict())
        rows = selectors.signals_filtered(access, chosen, today(), now())
        return list_answer(
            request, rows, selectors.LIST_ORDER, lambda found: [signal_json(row) for row in found]
        )


class WarningDetail(StaffView):
    @extend_schema(responses=OBJECT)
    def get(self, request: Request, public_id: str) -> Response:
        """One signal with what was done about it and the cases behind it that the person sees."""
        access = _signal_access(request)
        row = selectors.signal_get_for(access, public_id)
        cases, has_more = selectors.cases_of(access, row, CASES_SHOWN)
        return Response(
            signal_json(row)
            | {
                "notes": [_note_json(note) for note in selectors.notes_of(row)],
                "cases": [case.code for case in cases],
                "has_more_cases": has_more,
            }
        )


class WarningOwner(StaffView):
    @extend_schema(request=WarningOwnerInput, responses=OBJECT)
    def post(self, request: Request, public_id: str) -> Response:
        """Appoint who of the unit follows the signal, by user name, and the next look."""
        return Response(signal_json(signal_appoint(**_key(request, public_id, WarningOwnerInput))))


class WarningFollowUps(StaffView):
    @extend_schema(request=WarningFollowUpInput, responses=OBJECT)
    def post(self, request: Request, public_id: str) -> Response:
        """Write down what was done and when it is looked at next."""
        key = _key(request, public_id, WarningFollowUpInput)
        return Response(signal_json(signal_follow_up(**key)))


class WarningClosure(StaffView):
    @extend_schema(request=WarningClosureInput, responses=OBJECT)
    def post(self, request: Request, public_id: str) -> Response:
        """Close a signal: ``is_true`` settled, else a false alarm, with why."""
        return Response(signal_json(signal_close(**_key(request, public_id, WarningClosureInput))))


class WarningReopening(StaffView):
    @extend_schema(request=WarningReopeningInput, responses=OBJECT)
    def post(self, request: Request, public_id: str) -> Response:
        """Open a closed signal again, with why."""
        key = _key(request, public_id, WarningReopeningInput)
        return Response(signal_json(signal_reopen(**key)))


class WarningRules(StaffView):
    @extend_schema(responses=OBJECT)
    def get(self, request: Request) -> Response:
        """The rules with their thresholds and their precision by quarter."""
        _rule_access(request)
        quarters, judged = selectors.quarters_until(today()), selectors.scores(today())
        return plain_list(
            [
                rule_json(rule)
                | {
                    "precision": [
                        {"quarter": one.words} | _score_json(judged.get((rule.pk, one)))
                        for one in quarters
                    ]
                }
                for rule in selectors.rules_all()
            ]
        )


class WarningRuleChange(StaffView):
    @extend_schema(request=WarningRuleChangeInput, responses=OBJECT)
    def post(self, request: Request, code: str) -> Response:
        """Keep other thresholds; the next run goes by them. ``subject_fields``: their codes."""
        access = _rule_access(request)
        body = validated(WarningRuleChangeInput, json_body(request))
        rule = rule_change(
            access=access,
            code=code,
            version=body.pop("version"),
            reason=body.pop("reason"),
            given=_thresholds(body),
        )
        return Response(rule_json(rule))


class WarningRuleTrial(StaffView):
    @extend_schema(request=WarningThresholdsInput, responses=OBJECT)
    def post(self, request: Request, code: str) -> Response:
        """What thresholds would have found; nothing is kept."""
        access = _rule_access(request)
        rule_get(code)
        given = _thresholds(validated(WarningThresholdsInput, json_body(request)))
        found = rule_try(access=access, code=code, given=given)
        return Response(
            {"found": found.found, "now": found.before, "is_now_only": found.is_now_only}
        )


def signal_json(row: Signal) -> dict[str, Any]:
    """A signal as lists and steps show it; no case is named."""
    return {
        "id": str(row.public_id),
        "rule": row.rule.code,
        "kind": row.rule.kind,
        "unit": row.unit.code,
        "field": row.field.code if row.field else "",
        "project": str(row.project.public_id) if row.project else None,
        "stage": row.stage.stage if row.stage else "",
        "explanation": shown.sentence(row),
        "measured": row.measured,
        "threshold": row.threshold,
        "level": row.level,
        "is_current": row.is_current,
        "state": row.state,
        "owner": row.owner.username if row.owner else "",
        "next_look_on": iso(row.next_look_on),
        "found_at": row.found_at.isoformat(),
        "version": row.version,
    }


def _note_json(note: SignalNote) -> dict[str, Any]:
    return {
        "kind": note.kind,
        "text": note.text,
        "looked_on": note.looked_on.isoformat(),
        "next_look_on": iso(note.next_look_on),
        "at": note.at.isoformat(),
    }


def rule_json(rule: WarningRule) -> dict[str, Any]:
    return {
        "code": rule.code,
        "kind": rule.kind,
        "measure": rule.measure,
        "title": rule.title,
        "least": rule.least,
        "step": rule.step,
        "window_days": rule.window_days,
        "factor": rule.factor,
        "subject_fields": rule.fields,
        "is_active": rule.is_active,
        "valid_from": rule.valid_from.isoformat(),
        "version": rule.version,
    }


def _score_json(score: Score | None) -> dict[str, Any]:
    """``percent`` is null while too few were judged."""
    found = score or Score(0, 0)
    return {"true": found.true, "false": found.false, "percent": precision(found)}


def _thresholds(body: dict[str, Any]) -> Thresholds:
    fields = tuple(body.pop("subject_fields"))
    return Thresholds(**body, fields=fields)


def _signal_access(request: Request) -> Access:
    access = access_of(request.user)
    if not sees_signals(access):
        raise NotPermitted
    return access


def _rule_access(request: Request) -> Access:
    access = access_of(request.user)
    if not sees_rules(access):
        raise NotPermitted
    return access


def _key(
    request: Request, public_id: str, serializer: type[serializers.Serializer[Any]]
) -> dict[str, Any]:
    """The checked body with who asks and which signal, as the services take it."""
    access = _signal_access(request)
    return {"access": access, "public_id": public_id} | validated(serializer, json_body(request))


def _filter(query: dict[str, str]) -> SignalFilter:
    """Checked filters; raises InvalidInput naming every wrong one."""
    asked = filters_read(query, FILTERS)
    return SignalFilter(
        state=asked.get("state", ""),
        kind=asked.get("kind", ""),
        unit=asked.get("unit", ""),
        rule=asked.get("rule", ""),
        age=int(asked.get("age", "0")),
        mine="mine" in asked,
        late="late" in asked,
    )
