"""Several officers make or join the case of one visit: real connections, real locks."""

import pytest

from common.errors import Conflict
from common.history_check import table_check
from petitions.models import Case, CaseEvent
from petitions.services.intake import petition_file
from receptions.models import Registration, SessionEvent, VisitRecord
from receptions.services.visit_case import VisitFiling, visit_case_join, visit_case_make
from receptions.services.visits import Visit, session_record
from tests.concurrency.test_registrations import together
from tests.people import access_make, filing_make
from tests.receptions.cast import NOW, register, session_public
from tests.receptions.concluding import promised

pytestmark = pytest.mark.django_db(transaction=True)
FILING = VisitFiling(
    kind="feedback",
    field="housing",
    subject="Ngõ đi chung bị lấn chiếm",
    content="Đề nghị kiểm tra.",
    person=(("address", "Số 5, phố Tưởng Tượng"),),
)


def test_one_visit_has_one_case(reference_data: None) -> None:
    session = session_public()
    code = register(session).code
    other = petition_file(filing=filing_make(), at=NOW).code
    people = [access_make(name) for name in ("clerk", "chair", "secretary")]
    session_record(
        access=people[0],
        session_id=session.public_id,
        code=code,
        visit=Visit("Đề nghị kiểm tra.", "taken_in", **promised("taken_in")),
        at=session.starts_at,
    )
    common = {"session_id": session.public_id, "code": code, "at": session.starts_at}
    makes = [lambda a=a: visit_case_make(access=a, filing=FILING, **common) for a in people]
    joins = [lambda a=a: visit_case_join(access=a, case_code=other, **common) for a in people]
    results = together([*makes, *joins])
    losers = [one for one in results if isinstance(one, Conflict)]
    assert [one.code for one in losers] == ["has_case"] * 5
    visit = VisitRecord.objects.get()
    assert visit.case == Registration.objects.get().case
    told = CaseEvent.objects.filter(action="petitions.visit.joined").values_list("case", flat=True)
    assert list(told) == [visit.case_id]
    assert Case.objects.count() == 1 + (visit.case_id != Case.objects.get(code=other).pk)
    assert next(table_check(SessionEvent), None) is None
    assert next(table_check(CaseEvent), None) is None
