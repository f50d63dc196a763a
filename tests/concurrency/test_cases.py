"""Two people at once: real connections, real locks."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from common.errors import DomainError
from common.idempotency import once
from petitions.models import Case, CaseEvent, Forwarding, Letter
from petitions.services.actions import case_act
from petitions.services.intake import petition_file
from tests.people import Story, access_make, filing_make

pytestmark = pytest.mark.django_db(transaction=True)


def together(*works: Callable[[], Any]) -> list[Any]:
    """Run each work in a thread with a connection of its own; errors come back as values."""
    start = threading.Barrier(len(works))
    results: list[Any] = [None] * len(works)

    def run(index: int, work: Callable[[], Any]) -> None:
        try:
            start.wait(10)
            results[index] = work()
        except Exception as error:  # noqa: BLE001 -- handed to the test
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(i, w)) for i, w in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_double_acceptance_happens_once(reference_data: None) -> None:
    tale = Story(petition_file(filing=filing_make()))
    tale.do("clerk", "receive", is_signed=True)
    tale.do("chair", "propose", proposal="accept", text="Đủ điều kiện.")
    chair, version = access_make("chair"), tale.case.version

    def accept() -> str:
        return case_act(
            access=chair,
            code=tale.filed.code,
            action="accept",
            version=version,
            inputs={"number": "1"},
        ).status

    results = together(accept, accept, accept)
    assert results.count("accepted") == 1
    assert all(isinstance(r, DomainError) for r in results if r != "accepted")
    assert CaseEvent.objects.filter(action="petitions.case.accept").count() == 1
    assert tale.case.clocks.filter(stage="resolution").count() == 1


def test_register_numbers_have_no_gap_and_no_twin(reference_data: None) -> None:
    tales = [Story(petition_file(filing=filing_make())) for _ in range(8)]
    clerk = access_make("clerk")

    def receive(tale: Story) -> Callable[[], Any]:
        return lambda: case_act(
            access=clerk, code=tale.filed.code, action="receive", version=1, inputs={}
        )

    together(*[receive(tale) for tale in tales])
    numbers = sorted(Letter.objects.values_list("register_number", flat=True))
    assert numbers == list(range(1, 9))


def test_the_same_key_sent_at_once_files_one_petition(reference_data: None) -> None:
    def send() -> Any:
        work = lambda salt: petition_file(filing=filing_make(), salt=salt).answer  # noqa: E731
        return once("petition", "key", {"a": 1}, work)

    results = together(*[send] * 6)
    assert Case.objects.count() == 1
    assert all(result == results[0] for result in results)


def test_a_forwarding_is_accepted_or_given_back_never_both(reference_data: None) -> None:
    filing = filing_make(kind="recommendation")
    tale = Story(petition_file(filing=filing))
    tale.do("clerk", "receive", is_signed=True)
    tale.do("chair", "propose", proposal="forward", text="Không thuộc thẩm quyền.")
    tale.do("chair", "forward", unit="00008", number="5/PC", text="Chuyển đơn.")
    receiver, version = access_make("other_clerk"), tale.case.version
    back = {"ground": "not_competent", "reason": "Không thuộc thẩm quyền."}

    def answer(action: str, inputs: dict[str, str]) -> Callable[[], str]:
        def work() -> str:
            return case_act(
                access=receiver,
                code=tale.filed.code,
                action=action,
                version=version,
                inputs=inputs,
            ).status

        return work

    results = together(
        answer("accept_forward", {}), answer("return_forward", back), answer("accept_forward", {})
    )
    won = [result for result in results if isinstance(result, str)]
    assert len(won) == 1
    assert all(isinstance(result, DomainError) for result in results if result not in won)
    new_cases = Case.objects.exclude(code=tale.filed.code).count()
    assert new_cases == (1 if won == ["awaiting_receiver"] else 0)
    assert Forwarding.objects.filter(answered_at=None).count() == 0
