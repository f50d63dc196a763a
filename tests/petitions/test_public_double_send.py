"""Two devices press "send" on one draft at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from petitions.models import Letter
from petitions.selectors_public import draft_open
from petitions.services.drafts import draft_send, draft_start
from tests.people import WARD
from tests.petitions.public_walk import CONTENT, PERSON

pytestmark = pytest.mark.django_db(transaction=True)
ANSWERS = {
    **CONTENT,
    "kind": "feedback",
    "unit": WARD,
    "field": "environment",
    "petitioners": [{**PERSON, "phone": "0912345678"}],
}


@pytest.mark.usefixtures("reference_data")
def test_one_draft_is_one_petition_however_many_send_it() -> None:
    token = draft_start(data=ANSWERS)
    together = Barrier(4)

    def send(_turn: int) -> str:
        together.wait()
        try:
            return draft_send(token=token).code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        codes = set(pool.map(send, range(4)))
    assert codes == {Letter.objects.get().code}
    draft = draft_open(token)
    assert draft is not None
    assert draft.letter is not None
