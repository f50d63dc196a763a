"""The lock on a case, taken before anything about it is decided or appended."""

from accounts.access import Access
from common.errors import NotVisible
from common.text import storable
from petitions.models import Case


def case_locked(access: Access, code: str) -> Case:
    """The case with this code as the person sees it, locked until the transaction ends.

    Raises NotVisible.
    """
    case = (
        Case.objects.visible_to(access)
        .select_related("unit", "field")
        .select_for_update(of=("self",), no_key=True)
        .filter(code=storable(code))
        .first()
    )
    if case is None:
        raise NotVisible
    return case


def case_lock(pk: int) -> Case:
    """A case that was found already, locked until the transaction ends."""
    return Case.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
