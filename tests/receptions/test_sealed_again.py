"""What is under seal, written anew by somebody who cannot read it or after its case was made."""

from collections.abc import Iterator

import pytest
import time_machine

from communes.models import Unit
from receptions.models import ConclusionNotice, VisitRecord
from receptions.sealing import concluded_sparsely
from receptions.selectors_register import Asked, sealed_entries
from receptions.services.conclusions import notice_change, notice_draft
from receptions.services.notice_text import NoticeText
from tests.people import OTHER_WARD, access_make, person_make
from tests.receptions.cast import DAY, NOW
from tests.receptions.concluding import DURING, record, row, visit_of
from tests.receptions.test_visit_sealing import (
    DESK,
    HIDDEN,
    denounce,
    full,
    sealed_conclusion,
    texts,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _during() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        person_make("secretary")
        yield


@pytest.mark.parametrize("kept", [True, False])
def test_whoever_replaces_a_covered_notice_unchanged_loses_no_word(*, kept: bool) -> None:
    sealed_conclusion(unit=OTHER_WARD)
    old = ConclusionNotice.objects.get(state="issued")
    other = Unit.objects.get(code=OTHER_WARD)
    page = f"{DESK}{old.session.public_id}/ket-luan/?thay={old.public_id}"
    assert HIDDEN not in texts("secretary", [page])[0]
    what = concluded_sparsely(other) if kept else "Giao kiểm tra ngõ đi."
    new = notice_draft(
        access=access_make("secretary"),
        session_id=old.session.public_id,
        replaces=old.public_id,
        text=NoticeText([row(what=what, code=OTHER_WARD), row(what="Thêm một việc.")]),
        at=DURING,
    )
    words = list(new.tasks.order_by("position").values_list("what", flat=True))
    assert words == [HIDDEN if kept else what, "Thêm một việc."]
    assert new.is_sealed == kept


def test_covered_rows_of_one_unit_come_back_in_their_order() -> None:
    visit = visit_of("taken_in", who="chair", entry={"kind": "denunciation", "content": HIDDEN})
    given = {"session_id": visit.registration.session.public_id, "at": DURING}
    rows = [row(what=f"{HIDDEN} {word}") for word in ("một", "hai")]
    chair = access_make("chair")
    code = visit.registration.code
    draft = notice_draft(access=chair, text=NoticeText(rows), code=code, **given)
    covered = concluded_sparsely(Unit.objects.get(code=OTHER_WARD))
    notice_change(
        access=access_make("secretary"),
        public_id=draft.public_id,
        version=draft.version,
        text=NoticeText([row(what=covered), row(what=covered)]),
        at=DURING,
    )
    words = draft.tasks.order_by("position").values_list("what", flat=True)
    assert list(words) == [f"{HIDDEN} một", f"{HIDDEN} hai"]


def test_a_record_corrected_as_a_denunciation_after_its_case_stays_sparse() -> None:
    visit = full()
    denounce(visit)
    before = VisitRecord.objects.get()
    record(visit, "taken_in", entry={"kind": "denunciation", "content": HIDDEN})
    left = VisitRecord.objects.select_related("registration__session__unit").get()
    assert (left.content, left.said, left.kind) == (before.content, before.said, before.kind)
    asked = Asked(left.registration.session.unit, DAY, DAY)
    assert len(sealed_entries(access_make("chair"), asked)) == 1
