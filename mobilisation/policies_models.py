"""Who may do what with models and indices: None (allowed) or the reason why not."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.roles import Permission
from common.errors import Text
from mobilisation.enums_models import (
    COPYABLE,
    HONOURED,
    ExemplarState,
    RecognitionLevel,
)
from mobilisation.models import Exemplar

S = ExemplarState


def may_enter(access: Access, unit_id: int | None = None) -> Text | None:
    """A unit registers its own models; without ``unit_id`` in any unit of the person's."""
    units = access.units(Permission.DIRECTIVE_REPORT)
    if units if unit_id is None else unit_id in units:
        return None
    return _("Your position does not include the register of models of this unit.")


def may_found(access: Access, unit_id: int | None = None) -> Text | None:
    """Enter a model anew, in a unit that exists."""
    units = access.standing(Permission.DIRECTIVE_REPORT)
    if units if unit_id is None else unit_id in units:
        return None
    return _("Your position does not include the register of models of this unit.")


def may_change(access: Access, row: Exemplar) -> Text | None:
    """Words and pictures, until the model is public or was given up."""
    if refusal := may_enter(access, row.unit_id):
        return refusal
    if row.state == S.PUBLISHED:
        return _("The model is public: withdraw it from publication before you change it.")
    return _in_state(row, (S.DRAFT, S.REGISTERED, S.REFUSED, S.RECOGNISED, S.UNPUBLISHED))


def may_register(access: Access, row: Exemplar) -> Text | None:
    """A draft, or what was not recognised and has been worked on."""
    return may_enter(access, row.unit_id) or _in_state(row, (S.DRAFT, S.REFUSED))


def may_drop(access: Access, row: Exemplar) -> Text | None:
    """What was entered by mistake or is not carried on, as long as no decision stands behind it."""
    return may_enter(access, row.unit_id) or _in_state(row, (S.DRAFT, S.REGISTERED, S.REFUSED))


def levels_open(access: Access, row: Exemplar) -> list[RecognitionLevel]:
    """At which levels this person may record a decision of recognition now."""
    levels = []
    if row.state == S.REGISTERED and (
        row.unit_id in access.units(Permission.EXEMPLAR_RECOGNISE) or _is_city(access)
    ):
        levels.append(RecognitionLevel.UNIT)
    if _is_city(access) and (
        row.state == S.REGISTERED or (row.state in HONOURED and row.level == RecognitionLevel.UNIT)
    ):
        levels.append(RecognitionLevel.CITY)
    return levels


def may_recognise(access: Access, row: Exemplar) -> Text | None:
    """The secretary of the unit for its Party committee, the City's bodies for both levels."""
    if refusal := _may_judge(access, row):
        return refusal
    if not levels_open(access, row):
        return _WRONG_STATE
    return None


def may_refuse(access: Access, row: Exemplar) -> Text | None:
    """Whoever may recognise a registered model may also say no, with a reason."""
    return _may_judge(access, row) or _in_state(row, (S.REGISTERED,))


def may_publish(access: Access, row: Exemplar) -> Text | None:
    """What was recognised, by the unit or the City's bodies."""
    return _may_show(access, row) or _in_state(row, (S.RECOGNISED, S.UNPUBLISHED))


def may_unpublish(access: Access, row: Exemplar) -> Text | None:
    return _may_show(access, row) or _in_state(row, (S.PUBLISHED,))


def may_copy(access: Access, row: Exemplar) -> Text | None:
    """Another unit takes over what was recognised."""
    if not access.standing(Permission.DIRECTIVE_REPORT) - {row.unit_id}:
        return _("Only another unit can take a model over.")
    return _in_state(row, COPYABLE)


def may_keep_indices(access: Access) -> Text | None:
    """Indices are entered and corrected by the bodies that assign for the whole City."""
    if _is_city(access):
        return None
    return _("Your position does not include keeping the indices.")


def _is_city(access: Access) -> bool:
    return Permission.DIRECTIVE_ASSIGN in access.city


def _may_judge(access: Access, row: Exemplar) -> Text | None:
    if _is_city(access) or row.unit_id in access.units(Permission.EXEMPLAR_RECOGNISE):
        return None
    return _("Your position does not include recognising models.")


def _may_show(access: Access, row: Exemplar) -> Text | None:
    return None if _is_city(access) else may_enter(access, row.unit_id)


_WRONG_STATE = _("This step is not possible in the present state of the model.")


def _in_state(row: Exemplar, states: Collection[str]) -> Text | None:
    return None if row.state in states else _WRONG_STATE
