"""Answering an escalation in the browser: nothing typed is lost."""

from django.test import Client

from escalation.models import Escalation, EscalationState
from tests.escalation.test_services import ANSWER, breach
from tests.people import Story, person_make

__all__ = ["breach"]


def test_an_answer_that_comes_too_late_is_shown_again(
    breach: tuple[Story, Escalation], client: Client
) -> None:
    _tale, row = breach
    client.force_login(person_make("chair"))
    url = f"/can-bo/leo-thang/{row.public_id}/"
    assert client.get(url).status_code == 200
    Escalation.objects.filter(pk=row.pk).update(state=EscalationState.SETTLED)
    late = client.post(url, {"step": "answer", "answer": ANSWER})
    assert late.status_code == 409
    assert ANSWER in late.content.decode()
    assert client.get(url).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.answer) == (EscalationState.SETTLED, "")
