"""Who may do what with reception days: predicates that return None (allowed) or why not."""

from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.roles import GRANTS, Permission
from common.errors import Text

RECORDERS = (Permission.RECEPTION_HOLD, Permission.RECEPTION_REGISTER)
# Where there is no reception counter, tasks are done by whoever has that right, or answers
# escalations and sees cases there; answering alone, for tasks of directives, is not enough.
DOERS = frozenset({*RECORDERS, Permission.RECEPTION_TASKS})
ANSWERERS = frozenset({Permission.ESCALATION_ANSWER, Permission.CASE_VIEW})


def can_view_unit(access: Access, unit_id: int) -> bool:
    return access.has(Permission.RECEPTION_VIEW, unit_id)


def can_plan_sessions(access: Access, unit_id: int) -> Text | None:
    """Planning belongs to the unit's own people; city-wide sight gives no right to plan."""
    if unit_id in access.units(Permission.RECEPTION_PLAN):
        return None
    return _("Your position does not include planning receptions of this unit.")


def can_register_visitors(access: Access, unit_id: int) -> Text | None:
    if unit_id in access.units(Permission.RECEPTION_REGISTER):
        return None
    return _("Your position does not include registering visitors of this unit.")


def can_see_visitors(access: Access, unit_id: int) -> bool:
    """Names and what they come about: only who receives or registers in the unit itself
    (Article 12(2) of Decree 154/2026)."""
    return any(unit_id in access.units(permission) for permission in RECORDERS)


def can_record_visits(access: Access, unit_id: int) -> Text | None:
    if can_see_visitors(access, unit_id):
        return None
    return _("Your position does not include recording receptions of this unit.")


def can_read_words(access: Access, unit_id: int) -> bool:
    """Kind and words of a visit recorded as a denunciation: for whoever sees denunciations of the
    unit (Article 47 of the Law on Denunciations)."""
    return access.has(Permission.DENUNCIATION_VIEW, unit_id)


def can_urge(access: Access) -> Text | None:
    if Permission.RECEPTION_URGE in access.city:
        return None
    return _("Your position does not include urging units about their reception days.")


def can_oversee(access: Access) -> bool:
    """Whether there is anything on the oversight board: the city, or what one leads."""
    return Permission.RECEPTION_VIEW in access.city or bool(access.units(Permission.OVERVIEW_VIEW))


def can_hold_sessions(access: Access, unit_id: int) -> Text | None:
    if unit_id in access.units(Permission.RECEPTION_HOLD):
        return None
    return _("Only who receives in this unit may say that the session was held.")


def can_rescue_sessions(access: Access, *unit_ids: int) -> Text | None:
    """A unit that was merged may have nobody left: bodies of the City that plan receptions and
    see those of all units put its sessions in order too. Anybody else plans in both units."""
    if Permission.RECEPTION_VIEW in access.city and access.units(Permission.RECEPTION_PLAN):
        return None
    refusals = (can_plan_sessions(access, unit_id) for unit_id in unit_ids)
    return next((refusal for refusal in refusals if refusal is not None), None)


def can_conclude(access: Access, unit_id: int) -> Text | None:
    """Issuing a conclusion, and deciding on its tasks, is the leader's."""
    if unit_id in access.units(Permission.RECEPTION_HOLD):
        return None
    return _("Only who receives in this unit issues conclusions and decides on their tasks.")


def can_issue_papers(access: Access, unit_id: int) -> Text | None:
    """Giving a paper of the body to one visitor (form 01/TCD, the written notice) its number, and
    declaring it void: whoever receives in the unit, or decides there and sees its visitors."""
    if can_conclude(access, unit_id) is None:
        return None
    if unit_id in access.units(Permission.CASE_DECIDE) and can_see_visitors(access, unit_id):
        return None
    return _("Only who receives or decides in this unit issues papers to visitors.")


def can_sign_minutes(access: Access, unit_id: int, recorded_by_id: int | None) -> Text | None:
    """The receiver's word is of whoever recorded the visit, or receives in the unit."""
    if unit_id in access.units(Permission.RECEPTION_HOLD):
        return None
    if can_see_visitors(access, unit_id) and access.actor_id == recorded_by_id:
        return None
    return _("Only who received this visitor signs the minutes as the receiver.")


def can_stand_in_for_tasks(access: Access, unit_id: int) -> Text | None:
    """For a body without accounts, whoever receives or registers where it was concluded records
    what its papers say; ``unit_id``: the unit that concluded."""
    if can_see_visitors(access, unit_id):
        return None
    return _(
        "Nobody of the unit that does it has an account: only who receives or registers where it"
        " was concluded records what its papers say."
    )


def works_in(access: Access) -> frozenset[int]:
    """The units whose tasks from receptions a person works on."""
    does = frozenset[int]().union(*(access.units(permission) for permission in DOERS))
    answers = (access.units(permission) for permission in ANSWERERS)
    return does | frozenset.intersection(*answers)


def task_roles() -> list[str]:
    """Positions that work on the tasks of their unit, by the rule of ``works_in``."""
    held = {role: grant.unit | grant.city for role, grant in GRANTS.items()}
    return [role.value for role, has in held.items() if has & DOERS or has >= ANSWERERS]


def can_do_tasks(access: Access, unit_id: int) -> Text | None:
    """Work on what conclusions gave to a unit to do."""
    if unit_id in works_in(access):
        return None
    return _("Your position does not include the tasks from receptions of this unit.")
