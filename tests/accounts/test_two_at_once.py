"""Two people record the same absence at the same moment: real connections, real locks."""

import pytest

from accounts.models import Absence, AccountEvent
from common.errors import InvalidInput
from tests.accounts.office import NOW, access_today, away
from tests.concurrency.test_cases import together
from tests.people import person_make

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_is_kept_and_the_other_is_told(reference_data: None, time_machine: object) -> None:
    time_machine.move_to(NOW, tick=False)
    for name in ("chair", "clerk", "handler"):
        person_make(name)
        access_today(name)
    results = together(
        lambda: away("handler", by="chair"),
        lambda: away("handler", by="clerk", last=1),
        lambda: away("handler", last=2),
    )
    refused = [result for result in results if isinstance(result, InvalidInput)]
    assert len(refused) == 2
    assert Absence.objects.count() == 1
    assert AccountEvent.objects.filter(action="accounts.absence.recorded").count() == 1
