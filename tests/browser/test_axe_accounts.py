"""Pages of the own account and of administrators: axe finds nothing, nothing sticks out."""

from typing import Any

import pytest

from accounts.models import SignIn, User
from accounts.selectors_powers import PERSON, token_of
from accounts.services import api_token_create
from accounts.services_elevation import elevation_begin
from tests.accounts.factors import confirmed, officer, set_up_app
from tests.accounts.office import NOW, access_today
from tests.accounts.test_delegation import give
from tests.accounts.test_locks import link_of
from tests.browser.conftest import Check
from tests.browser.mirror import Mirror
from tests.people import WARD, person_make
from tests.strict import StrictClient

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
ACCOUNT, POWERS = "/tai-khoan/", "/can-bo/quyen/"


@pytest.fixture(autouse=True)
def _monday(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    for name in ("clerk", "handler", "chair", "admin"):
        person_make(name)


@pytest.fixture
def look(mirror: Mirror, axe_source: str) -> Any:
    """``look(path)``: as the one who is signed in already."""

    def faults(path: str) -> None:
        assert mirror.open(path).faults(axe_source) == [], path

    return faults


def test_the_own_account(client: StrictClient, look: Any, mirror: Mirror, axe_source: str) -> None:
    user = officer("clerk")
    client.force_login(user)
    look(ACCOUNT + "lop-2/")
    look(ACCOUNT + "lop-2/ung-dung/")  # leads to the confirmation of the password
    confirmed(client, user)
    look(ACCOUNT + "lop-2/ung-dung/")
    assert mirror.page.evaluate("document.querySelector('img.qr').naturalWidth") > 0
    look(ACCOUNT + "lop-2/khoa/them/")
    set_up_app(client)
    for page in ("ma-du-phong/", "ma-du-phong/", "", "khoa/", "ung-dung/bo/", "ma-du-phong/moi/"):
        look(ACCOUNT + "lop-2/" + page)
    SignIn.objects.create(user=user, device="phone", browser="Safari", begun_at=NOW, seen_at=NOW)
    look(ACCOUNT + "phien/")
    look(ACCOUNT + "ma-api/")
    api_token_create(user=user)
    look(ACCOUNT + "ma-api/")
    look(ACCOUNT + "ma-api/moi/")
    mirror.page.fill("[name=name]", "Một cửa")
    mirror.page.check("[name=scopes] >> nth=0")
    assert "token" not in mirror.send().page.url
    assert mirror.faults(axe_source) == []
    look(ACCOUNT + "doi-mat-khau/")
    look(ACCOUNT + "lop-2/xac-nhan/")


def test_a_new_password(check: Check, look: Any, mirror: Mirror, axe_source: str) -> None:
    check(ACCOUNT + "quen-mat-khau/", sent=True)
    mirror.page.fill("[name=login]", "clerk")
    assert "thư điện tử" in mirror.send().page.inner_text("h1")
    assert mirror.faults(axe_source) == []
    look(ACCOUNT + "mat-khau-moi/")
    look(link_of("clerk"))


def test_powers(
    client: StrictClient, check: Check, look: Any, mirror: Mirror, axe_source: str
) -> None:
    client.force_login(person_make("chair"))
    confirmed(client, person_make("chair"))
    look(POWERS + "uy-quyen/")
    look(f"{POWERS}uy-quyen/{WARD}/moi/")
    give()
    look(POWERS + "uy-quyen/")
    look(POWERS + "don-vi/")
    admin = person_make("admin")
    client.force_login(admin)
    confirmed(client, admin)
    check(POWERS + "nang-quyen/", sent=True)
    elevation_begin(
        access=access_today("admin"), ground="accounts", text="Mở vai trò mới", minutes=15
    )
    for page in ("nang-quyen/", "nang-quyen/danh-sach/", "can-bo/", f"can-bo/?unit={WARD}"):
        look(POWERS + page)
    check(POWERS + "can-bo/mo-tai-khoan/", sent=True)
    look(POWERS + "can-bo/")
    mirror.page.fill("[name=name]", "can bo clerk")
    found = mirror.send()
    assert "Kết quả tìm" in found.page.inner_text("main")
    assert found.faults(axe_source) == []
    look(f"{POWERS}can-bo/{token_of(PERSON, User.objects.get(username='clerk').pk)}/")
