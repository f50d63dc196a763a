"""Who may write in the registers: None (allowed) or the reason why not."""

from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.roles import Permission
from common.errors import Text
from mobilisation.enums import OpinionState, ProgrammeState
from mobilisation.models import OpinionReport, Programme


def keeping_units(access: Access) -> frozenset[int]:
    """Units whose registers a person keeps: where the person reports on directives, and the City's
    bodies of one's own that give tasks."""
    reporting = access.units(Permission.DIRECTIVE_REPORT)
    return reporting | access.units(Permission.DIRECTIVE_ASSIGN)


def may_keep(access: Access, unit_id: int) -> Text | None:
    """Registers of a unit are kept by that unit; seeing them from the City gives no such right."""
    if unit_id in keeping_units(access):
        return None
    return _("Your position does not include keeping the registers of this unit.")


def beginning_units(access: Access) -> frozenset[int]:
    """Units for which a person may enter something new: of those whose registers are kept the ones
    that exist; what was entered for a unit that is no more goes on being worked on."""
    return keeping_units(access) - access.past


def may_begin(access: Access, unit_id: int | None = None) -> Text | None:
    """Enter something new, for that unit or (without a unit) for any."""
    units = beginning_units(access)
    if units if unit_id is None else unit_id in units:
        return None
    return _("Your position does not include keeping the registers of a unit.")


def may_change_programme(access: Access, row: Programme) -> Text | None:
    """A draft or what is in force; what is over stays as it was."""
    if refusal := may_keep(access, row.unit_id):
        return refusal
    if row.state not in (ProgrammeState.DRAFT, ProgrammeState.IN_FORCE):
        return _("A programme that has ended or was renewed is not changed any more.")
    return None


def may_sign(access: Access, row: Programme) -> Text | None:
    """A draft comes into force once, when the parties have signed it."""
    if refusal := may_keep(access, row.unit_id):
        return refusal
    if row.state != ProgrammeState.DRAFT:
        return _("Only a draft can be put in force.")
    return None


def may_end(access: Access, row: Programme) -> Text | None:
    """What is in force can be ended early or renewed, also when its time has run out."""
    if refusal := may_keep(access, row.unit_id):
        return refusal
    if row.state != ProgrammeState.IN_FORCE:
        return _("Only a programme in force can be ended or renewed.")
    return None


def may_record_activity(access: Access, row: Programme) -> Text | None:
    """Joint activities belong to a programme that was signed, also when it is over by now."""
    if refusal := may_keep(access, row.unit_id):
        return refusal
    if row.state == ProgrammeState.DRAFT:
        return _("Activities are recorded once the programme is in force.")
    return None


def may_write_opinion(access: Access, row: OpinionReport) -> Text | None:
    """A draft is written on and sent by its unit."""
    if refusal := may_keep(access, row.unit_id):
        return refusal
    if row.state != OpinionState.DRAFT:
        return _("A report that was sent is corrected by a new edition.")
    return None


def may_correct_opinion(access: Access, row: OpinionReport) -> Text | None:
    """What was sent or returned is corrected by a new edition that keeps the old one."""
    if refusal := may_keep(access, row.unit_id):
        return refusal
    if row.state == OpinionState.DRAFT:
        return _("A draft is changed itself.")
    return None


def may_answer_opinion(access: Access, row: OpinionReport) -> Text | None:
    """The City's bodies that give tasks note that they have read a report, or return it."""
    if Permission.DIRECTIVE_ASSIGN not in access.city:
        return _("Your position does not include answering opinion reports.")
    if row.unit_id in keeping_units(access):
        return _("A body does not answer its own report.")
    if row.state != OpinionState.SENT:
        return _("Only a report that was sent and not read yet can be answered.")
    return None
