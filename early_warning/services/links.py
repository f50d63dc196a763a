"""Which petitions concern a land project: found by officers, never by the portal alone."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Access
from common.errors import InvalidInput, allow
from common.text import storable
from early_warning.models import LandProject, ProjectCase
from early_warning.policies import may_link_cases
from early_warning.selectors_projects import linkable, linked_visible
from early_warning.services._step import project_locked, step_begin, version_check
from early_warning.services.projects import places_of
from petitions.models import Case
from petitions.models.case import CaseQuerySet

LINKED = "early_warning.project.petitions_linked"
UNLINKED = "early_warning.project.petition_unlinked"
CODES_MAX = 100


@transaction.atomic
def cases_link(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    codes: Sequence[str],
    at: dt.datetime | None = None,
) -> LandProject:
    """Say of ordinary cases of the project's units, by their codes, that they concern it; those
    linked already stay as they are.

    Raises NotVisible, NotPermitted, InvalidInput under ``codes`` (one that the person does not
    see, that another unit holds or that is a denunciation, all alike), Stale.
    """
    row = _opened(access, public_id, version)
    cases = _cases(linkable(access, row), codes)
    known = set(row.links.filter(removed_at=None).values_list("case_id", flat=True))
    new = [case for case in cases if case.pk not in known]
    step = step_begin(row, access, LINKED, at=at)
    ProjectCase.objects.bulk_create(
        [ProjectCase(project=row, case=case, by_id=access.actor_id, at=step.at) for case in new]
    )
    step.data["petitions"] = len(new)
    step.finish()
    return row


@transaction.atomic
def case_unlink(
    *,
    access: Access,
    public_id: uuid.UUID | str,
    version: int,
    code: str,
    at: dt.datetime | None = None,
) -> LandProject:
    """Take back a link to a case that the person sees, whichever unit holds it by now. Raises as
    ``cases_link``."""
    row = _opened(access, public_id, version)
    case = _cases(linked_visible(access, row), [code])[0]
    step = step_begin(row, access, UNLINKED, at=at)
    row.links.filter(case=case, removed_at=None).update(removed_at=step.at)
    step.finish()
    return row


def _opened(access: Access, public_id: uuid.UUID | str, version: int) -> LandProject:
    row = project_locked(access, public_id)
    allow(may_link_cases(access, row, places_of(row)))
    version_check(row, version)
    return row


def _cases(rows: CaseQuerySet, codes: Sequence[str]) -> list[Case]:
    wanted = {storable(code).strip().upper() for code in codes} - {""}
    if not wanted:
        raise InvalidInput(fields={"codes": [_("Choose at least one petition.")]})
    if len(wanted) > CODES_MAX:
        message = _("At most %(n)s at once.") % {"n": CODES_MAX}
        raise InvalidInput(fields={"codes": [message]})
    found = list(rows.filter(code__in=wanted).order_by("pk"))
    missing = sorted(wanted - {case.code for case in found})
    if missing:
        message = _("Not found among the petitions of these units: %(code)s.")
        raise InvalidInput(fields={"codes": [message % {"code": missing[0][:40]}]})
    return found
