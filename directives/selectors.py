"""Reading directives and their progress on behalf of a person, in a fixed number of queries."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from accounts.access import Access
from accounts.roles import Permission
from common.api import Keyset
from common.errors import NotVisible, key_read
from common.text import fold
from communes.models import Unit
from directives.enums import DONE, NOT_BEGUN, AssignmentState, DirectiveState, RelationKind
from directives.models import (
    Assignment,
    Directive,
    DirectiveRelation,
    Task,
    TaskGroup,
    UnitPlan,
)

ASSIGNMENT_ORDER = Keyset("unit__code", "task__code")
UNIT_ORDER = Keyset("code")


@dataclass
class GroupProgress:
    """A group of tasks with the number of assignments in each state."""

    group: TaskGroup
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def done(self) -> int:
        """Reported as done or confirmed."""
        return sum(self.counts.get(state, 0) for state in DONE)

    @property
    def confirmed(self) -> int:
        return self.counts.get(AssignmentState.CONFIRMED, 0)

    @property
    def unreceived(self) -> int:
        """Given, and the unit has not noted that it received it."""
        return self.counts.get(AssignmentState.ASSIGNED, 0)

    @property
    def begun(self) -> int:
        """Everything that is more than assigned or received."""
        return self.total - sum(self.counts.get(state, 0) for state in NOT_BEGUN)


@dataclass(frozen=True)
class PlanShare:
    """How many of the units that were asked have recorded a plan; ``is_asked``: whether any task
    of the document wants one."""

    units: int
    with_plan: int
    is_asked: bool

    @property
    def without_plan(self) -> int:
        return self.units - self.with_plan


def directive_get_for(access: Access, slug: str) -> Directive:
    """The directive that this person may see. Raises NotVisible."""
    return _one(Directive.objects.visible_to(access), slug)


def directive_get_public(slug: str) -> Directive:
    """The directive that anybody may see. Raises NotVisible."""
    return _one(Directive.objects.published(), slug)


def _one(rows: QuerySet[Directive], slug: str) -> Directive:
    found = rows.filter(slug=slug).first()
    if found is None:
        raise NotVisible
    return found


def directive_groups(directive: Directive) -> list[TaskGroup]:
    """Groups in order, their tasks read along, also those that were withdrawn."""
    return list(directive.groups.order_by("number").prefetch_related("tasks"))


def groups_public(directive: Directive) -> list[TaskGroup]:
    """Groups in order with the tasks that are asked: what was withdrawn is not."""
    asked = Prefetch("tasks", Task.objects.live())
    return list(directive.groups.order_by("number").prefetch_related(asked))


def directive_progress(access: Access, directive: Directive) -> list[GroupProgress]:
    """Progress by group × state over what the person may see; three queries."""
    rows = (
        Assignment.objects.visible_to(access)
        .live()
        .of(directive)
        .values_list("task__group_id", "state")
        .annotate(n=Count("id"))
    )
    found = {group.pk: GroupProgress(group) for group in directive_groups(directive)}
    for group_id, state, count in rows:
        found[group_id].counts[state] = count
    return list(found.values())


def plan_shares(directives: Sequence[Directive], access: Access | None = None) -> list[PlanShare]:
    """For each directive: units that were asked and, of these, units with a plan; two queries.

    Without ``access`` the public figures over all units. The plan of a unit that is asked nothing
    any more (withdrawn, reorganised) does not count.
    """
    asked = Assignment.objects.live().filter(task__group__directive__in=directives)
    if access is not None:
        asked = asked.visible_to(access)
    key = "task__group__directive_id"
    same = asked.filter(**{key: OuterRef("directive_id"), "unit_id": OuterRef("unit_id")})
    plans = UnitPlan.objects.filter(Exists(same), directive__in=directives)
    wants = Count("id", filter=Q(task__is_plan=True))
    rows = asked.values_list(key).annotate(n=Count("unit_id", distinct=True), wants=wants)
    units = {pk: (count, wanted > 0) for pk, count, wanted in rows}
    held = dict(plans.values_list("directive_id").annotate(n=Count("id")))
    shares = []
    for directive in directives:
        count, is_asked = units.get(directive.pk, (0, False))
        shares.append(PlanShare(count, held.get(directive.pk, 0), is_asked))
    return shares


def done_counts(access: Access) -> dict[int, tuple[int, int]]:
    """Assignments done and in all by directive, over what the person may see."""
    rows = (
        Assignment.objects.visible_to(access)
        .live()
        .values_list("task__group__directive_id")
        .annotate(done=Count("id", filter=Q(state__in=DONE)), total=Count("id"))
    )
    return {directive: (done, total) for directive, done, total in rows}


def unit_tasks_visible(access: Access, unit: Unit) -> bool:
    """Whether the person sees what the unit was asked: its people and the City's bodies always,
    others as soon as it has a task that their body is in charge of or supports."""
    if access.has(Permission.DIRECTIVE_VIEW, unit.pk):
        return True
    return Assignment.objects.visible_to(access).filter(unit=unit).exists()


def units_asked(
    access: Access, directive: Directive, *, q: str = "", plan: str = ""
) -> QuerySet[Unit]:
    """Visible units that were asked, with ``total``, ``done`` and ``begun`` counts.

    ``plan`` is ``yes`` (recorded), ``no`` or "".
    """
    mine = Assignment.objects.visible_to(access).live().of(directive)
    this = Q(assignments__task__group__directive=directive)
    this &= ~Q(assignments__state=AssignmentState.WITHDRAWN)
    if Permission.DIRECTIVE_VIEW not in access.city:
        this &= Q(assignments__in=mine.values("pk"))
    rows = Unit.objects.filter(pk__in=mine.values("unit_id")).annotate(
        total=Count("assignments", filter=this),
        done=Count("assignments", filter=this & Q(assignments__state__in=DONE)),
        begun=Count("assignments", filter=this & ~Q(assignments__state__in=NOT_BEGUN)),
    )
    for word in fold(q).split():
        rows = rows.filter(search_text__contains=word)
    if plan in ("yes", "no"):
        has_plan = Exists(UnitPlan.objects.filter(directive=directive, unit_id=OuterRef("pk")))
        rows = rows.filter(has_plan if plan == "yes" else ~has_plan)
    return rows


def plans_of(directive: Directive, units: Sequence[Unit]) -> dict[int, UnitPlan]:
    """Plans of these units by unit."""
    rows = UnitPlan.objects.filter(directive=directive, unit__in=units)
    return {plan.unit_id: plan for plan in rows}


def assignment_list_for(access: Access, directive: Directive) -> QuerySet[Assignment]:
    return Assignment.objects.visible_to(access).of(directive).with_list_data()


def assignment_get_for(access: Access, public_id: uuid.UUID | str) -> Assignment:
    """The assignment with this identifier. Raises NotVisible, also when it is malformed."""
    found = (
        Assignment.objects.visible_to(access)
        .with_list_data()
        .filter(public_id=key_read(public_id))
        .first()
    )
    if found is None:
        raise NotVisible
    return found


def plan_of(assignment: Assignment) -> UnitPlan | None:
    """The plan that the unit recorded for the assignment's directive."""
    return UnitPlan.objects.filter(
        unit_id=assignment.unit_id, directive_id=assignment.task.group.directive_id
    ).first()


def relations_of(directive: Directive, among: QuerySet[Directive]) -> list[DirectiveRelation]:
    """What this directive continues, amends, replaces or carries out, as far as it is visible."""
    rows = directive.relations.filter(target__in=among).select_related("target")
    return list(rows.order_by("target__issued_on"))


def successors_of(
    access: Access, directives: Iterable[Directive]
) -> dict[int, list[DirectiveRelation]]:
    """By document that was replaced: what replaces it, with ``is_seen`` (whether the person may
    open that). One query, none where nothing was replaced."""
    replaced = {row.pk for row in directives if row.state == DirectiveState.REPLACED}
    if not replaced:
        return {}
    seen = Directive.objects.visible_to(access).filter(pk=OuterRef("source_id"))
    rows = DirectiveRelation.objects.filter(kind=RelationKind.REPLACES, target__in=replaced)
    issued = rows.exclude(source__state=DirectiveState.DRAFT).select_related("source")
    found: dict[int, list[DirectiveRelation]] = {}
    read = {"is_seen": Exists(seen)}
    for row in issued.annotate(**read).order_by("pk"):
        found.setdefault(row.target_id, []).append(row)
    return found


def relations_public(directive: Directive) -> list[DirectiveRelation]:
    return relations_of(directive, Directive.objects.published())
