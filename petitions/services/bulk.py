"""One step for many cases: each in its own transaction, each with its own answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.access import Access
from common.errors import DomainError, InvalidInput, NotVisible
from petitions.services.actions import case_act
from petitions.workflow import Action

BULK = (Action.ASSIGN, Action.CLASSIFY)
BULK_MAX = 200


@dataclass(frozen=True)
class BulkAnswer:
    """What became of one case; ``why`` is empty when it was done."""

    code: str
    why: str = ""
    is_known: bool = True


def bulk_act(
    *,
    access: Access,
    action: str,
    cases: Sequence[tuple[str, int]],
    inputs: Mapping[str, Any],
) -> list[BulkAnswer]:
    """Do ``assign`` or ``classify`` with each (code, version) in turn; one that fails stops no
    other. Raises InvalidInput for another step, none or more than 200 cases."""
    if action not in [item.value for item in BULK]:
        raise InvalidInput(fields={"do": [_("This step is not possible for many cases.")]})
    if not 1 <= len(cases) <= BULK_MAX:
        raise InvalidInput(fields={"case": [_("Choose 1 to 200 cases.")]})
    return [_one(access, action, code, version, inputs) for code, version in cases]


def _one(
    access: Access, action: str, code: str, version: int, inputs: Mapping[str, Any]
) -> BulkAnswer:
    try:
        case_act(access=access, code=code, action=action, version=version, inputs=inputs)
    except NotVisible:
        return BulkAnswer(code, _("There is no such case."), is_known=False)
    except InvalidInput as error:
        texts = [str(text) for found in error.fields.values() for text in found]
        return BulkAnswer(code, " ".join(texts))
    except DomainError as error:
        return BulkAnswer(code, str(error.message))
    return BulkAnswer(code)
