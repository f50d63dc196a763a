"""Who may do what with a paper: predicates that return None (allowed) or the reason why not.

Whoever sees the case sees that there is a paper, its number and state.
"""

from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.roles import Permission
from common.errors import Text
from papers.catalogue import KINDS
from papers.kinds import PaperKind
from papers.models import Paper, PaperEvent
from petitions.enums import Flag
from petitions.models import Case
from petitions.policies import may_read_letters


def may_draft(access: Access, case: Case, kind: PaperKind) -> Text | None:
    """Whoever handles the case, or takes letters in where the kind says so; and who decides."""
    if case.unit_id in access.units(Permission.CASE_DECIDE):
        return None
    if case.unit_id not in access.units(kind.drafter):
        return _("Your position does not write this paper in the unit that holds the case.")
    if kind.drafter == Permission.CASE_HANDLE and case.assignee_id != access.user_id:
        return _("The officer to whom the case is assigned writes this paper.")
    return None


def may_write(access: Access, case: Case, paper: Paper) -> Text | None:
    """The words of a paper are changed by whoever drafts its kind and reads it."""
    return may_draft(access, case, KINDS[paper.kind]) or may_read(access, case, paper)


def may_recall(access: Access, case: Case, paper: Paper) -> Text | None:
    """A submitted paper is taken back by who writes it; whoever decides gives it back, with a
    reason."""
    decides = case.unit_id in access.units(Permission.CASE_DECIDE)
    if decides and paper.drafted_by_id != access.user_id:
        return _("Somebody else wrote this paper: give it back with a reason.")
    return may_write(access, case, paper)


def may_decide(access: Access, case: Case, paper: Paper) -> Text | None:
    """Issued, returned and declared void by whoever decides in the unit, who has read it."""
    if _unit_of(case, paper) not in access.units(Permission.CASE_DECIDE):
        return _("Papers are issued by whoever decides in the unit that holds the case.")
    return may_read(access, case, paper)


def _unit_of(case: Case, paper: Paper) -> int:
    """An issued paper stays with the unit in whose book it stands, also when another one takes the
    case over; with a unit that is no more, with the one that holds the case."""
    issuer = paper.unit
    return issuer.pk if issuer is not None and issuer.valid_to is None else case.unit_id


def may_read(access: Access, case: Case, paper: Paper) -> Text | None:
    """Papers of a denunciation lie under the seal of its letters (Articles 47 and 56 of the Law on
    Denunciations); who wrote one reads the own words while the case is seen, and as long as nobody
    else wrote there."""
    if may_read_letters(access, case) is None or _is_own(access, paper):
        return None
    return _("Sealed like the letters of the case.")


def _is_own(access: Access, paper: Paper) -> bool:
    if paper.drafted_by_id != access.user_id:
        return False
    others = PaperEvent.objects.filter(paper=paper, action="papers.paper.edited")
    return not others.exclude(actor=access.user_id).exists()


def may_give_receipt(access: Access, case: Case) -> Text | None:
    """Whoever takes letters in, in the unit that holds the case; it names nobody of a denunciation.
    Without a name there is nobody to give it to."""
    if case.unit_id not in access.units(Permission.LETTER_REGISTER):
        return _("Receipts are given at the counter of the unit that holds the case.")
    if Flag.ANONYMOUS in case.flags:
        return _("The sender is not named: there is nobody to give a receipt to.")
    return None


def issuable(case: Case, paper: Paper) -> Text | None:
    """Why a paper that waits cannot be issued as the case is now; a correction is of what was."""
    return None if paper.replaces_id else possible(case, KINDS[paper.kind])


def possible(case: Case, kind: PaperKind) -> Text | None:
    """Why no paper of this kind belongs to the case as it is now."""
    if not kind.suits(case):
        return _("Not for this kind of petition.")
    if case.status not in kind.states:
        return _("Not in the present state of the case.")
    return None
