"""Who may do what with a case: predicates that return None (allowed) or the reason why not."""

from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.roles import Permission
from common.errors import Text
from petitions.models import Case, SealedIdentity
from petitions.receivers import overseer_of, superior_for
from petitions.workflow import Side, Transition

_REFUSALS: dict[Side, Text] = {
    Side.HOLDER: _("Your position does not include this step in the unit that holds the case."),
    Side.RECEIVER: _("This step belongs to the body that the petition was forwarded to."),
    Side.SUPERIOR: _("This step belongs to the head of the superior body."),
}


def may_act(access: Access, case: Case, row: Transition) -> Text | None:
    """The permission of the row must have been granted in the case's own unit, or in the unit
    that the row's side names.

    Seeing a case from the city's side gives no right to act on it. Handling belongs to the
    assigned officer, or to whoever decides in that unit.
    """
    if _unit_of(case, row.side) not in access.units(Permission(row.permission)):
        return _REFUSALS[row.side]
    if row.permission == Permission.CASE_HANDLE and not _handles(access, case):
        if case.assignee_id is None:
            return _("The case must first be assigned to an officer.")
        return _("The case is assigned to another officer.")
    return None


def _unit_of(case: Case, side: Side) -> int | None:
    """The unit whose people may do a row of this side."""
    if side is Side.RECEIVER:
        return case.forwarded_to_id
    if side is Side.SUPERIOR:
        superior = superior_for(case)
        return superior.pk if superior else None
    return case.unit_id


def _handles(access: Access, case: Case) -> bool:
    return case.assignee_id == access.user_id or (
        case.unit_id in access.units(Permission.CASE_DECIDE)
    )


def may_write(access: Access, case: Case) -> Text | None:
    """Messages and notes: whoever takes in, handles or decides in the unit that holds it."""
    if case.unit_id in access.units(Permission.CASE_TRIAGE):
        return None
    if case.unit_id in access.units(Permission.CASE_HANDLE) and _handles(access, case):
        return None
    return _("Only who handles the case writes about it.")


def may_read_letters(access: Access, case: Case) -> Text | None:
    """Text and files of a denunciation may betray who wrote them: they are read where the
    identity may be opened, and nowhere else (Articles 47 and 56 of the Law on Denunciations). A
    body that it was forwarded to reads it to decide whether it is competent.
    """
    opens = access.units(Permission.IDENTITY_OPEN)
    if not case.is_denunciation or case.unit_id in opens or case.forwarded_to_id in opens:
        return None
    return _("Sealed until a copy exists that does not show who wrote it.")


def may_renew_secret(access: Access, case: Case) -> Text | None:
    """Whoever registers letters in the unit that holds the case issues a new secret there; of a
    denunciation only who may also look at who wrote it."""
    if case.unit_id not in access.units(Permission.LETTER_REGISTER):
        return _("New secrets are issued at the counter of the unit that holds the case.")
    if case.is_denunciation and case.unit_id not in access.units(Permission.IDENTITY_OPEN):
        return _("The denouncer's identity is protected (Articles 47 to 49, Law on Denunciations).")
    return None


def may_redact(access: Access, case: Case) -> Text | None:
    """The redacted copy is made and released where the letter was taken in: by whoever may open
    identities in the unit that holds it (Article 56 of the Law on Denunciations)."""
    if case.is_denunciation and case.unit_id in access.units(Permission.IDENTITY_OPEN):
        return None
    return _("Only who takes the letter in makes its redacted copy.")


def may_have_original(access: Access, case: Case) -> bool:
    """Whether files are given as they were sent, with what a camera wrote into them. Everybody
    else gets pictures from their pixels alone."""
    opens = access.units(Permission.IDENTITY_OPEN)
    return case.unit_id in opens or case.forwarded_to_id in opens


def may_open_identity(access: Access, case: Case, identity: SealedIdentity) -> Text | None:
    """Protected identities: the body that received or resolves, never from city-wide sight."""
    if not identity.is_protected:
        return None
    if case.unit_id in access.units(Permission.IDENTITY_OPEN):
        return None
    return _("The denouncer's identity is protected (Articles 47 to 49, Law on Denunciations).")


def may_review_openings(access: Access, case: Case) -> bool:
    """Whoever decides in the unit reads who opened an identity there, when and why; of the
    decider's own openings so does whoever decides above."""
    decides = access.units(Permission.CASE_DECIDE)
    if case.unit_id in decides:
        return True
    overseer = overseer_of(case) if decides else None
    return overseer is not None and overseer.pk in decides
