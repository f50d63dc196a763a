"""The API against its own description, with the token of every role: no failure, no breach of the
schema, nothing of what is sealed.

Schemathesis makes the requests from the schema, in this process, the same ones each time.
"""

import io
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.conf import settings
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as run_settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.enums import Scope
from accounts.services import TokenPlan, api_token_create
from hanoi_portal.wsgi import application
from tests.accounts.factors import officer
from tests.papers.making import issued
from tests.people import CAST, Story, person_make
from tests.permissions.conftest import matrix_objects
from tests.receptions.test_papers_pdf import text_of

__all__ = ["matrix_objects"]
pytestmark = pytest.mark.django_db
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = 3
NARROW, NO_FACTOR = "token for one use", "session without a second factor"
BOUNDED = run_settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
DENOUNCER = {
    "full_name": "Tịnh Xuyên Kwatz",
    "identity_number": "001077654321",
    "address": "Số 77, ngõ Vwazil",
    "phone": "0987123455",
    "representative": True,
}
PLANTED = ("Kwatz", "001077654321", "Vwazil", "0987123455")
SUBJECT, CONTENT = "Zamboanga", "Quyxomex"
# Who may read the text and the subject of a denunciation that the ward holds
READERS = {"clerk", "chair"}


@pytest.fixture
def planted(matrix_objects: dict[str, Any], story: Callable[..., Story]) -> dict[str, Any]:
    """A denunciation that the ward holds, about somebody elsewhere, and one about the ward."""
    about = {"name": "Ông Bryxol", "unit": "00008", "position": "staff"}
    changes = {"subject": SUBJECT, "content": CONTENT, "petitioners": [DENOUNCER]}
    one = story(kind="denunciation", respondent=about, **changes)
    one.do("clerk", "receive", is_signed=True)
    paper = issued(one.case, body=f"{CONTENT}: {SUBJECT}.")
    papers = {one.filed.code: paper.public_id, matrix_objects["case"]: matrix_objects["paper"]}
    return {**matrix_objects, "denunciation": one.filed.code, "papers": papers}


def operations() -> Iterator[Any]:
    schema = schemathesis.openapi.from_wsgi("/api/schema/?format=json", application)
    for result in schema.get_all_operations():
        yield result.ok()


def known_paths(names: set[str], planted: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Things that are there, besides those that Schemathesis makes up."""
    for code in ("denunciation", "case"):
        known = {
            "code": planted[code],
            "public_id": str(planted["session"]),
            "slug": "1699-cv-tu",
            "action": "receive",
        }
        if names and names <= set(known):
            yield {name: known[name] for name in names}
        if names == {"code", "public_id"}:
            yield {"code": planted[code], "public_id": str(planted["papers"][planted[code]])}
    if names == {"code"}:
        yield from ({"code": book} for book in ("letters", "denunciations"))
    day = {"session_id": str(planted["session"]), "code": planted["visit"]}
    if "session_id" in names and names <= set(day):
        yield {name: day[name] for name in names}


def sent_by(who: str) -> dict[str, str]:
    """The headers of a request: nobody's, those of a token, of a token for one use alone, and of
    a session whose person has no second factor yet."""
    if who == "anonymous":
        return {}
    if who == NO_FACTOR:
        client = Client()
        client.force_login(officer("secretary"))
        return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}"}
    plan = TokenPlan("thử", (Scope.DIRECTIVES_READ,), 30) if who == NARROW else None
    user = person_make("secretary" if who == NARROW else who)
    token = api_token_create(user=user, plan=plan) if plan else api_token_create(user=user)
    return {"Authorization": f"Token {token}"}


@pytest.mark.parametrize("who", ["anonymous", NARROW, NO_FACTOR, *CAST])
def test_the_api_keeps_to_its_description(who: str, planted: dict[str, Any]) -> None:
    headers = {"Accept-Encoding": "identity", **sent_by(who)}
    asked, problems = 0, []
    for operation in operations():

        @BOUNDED
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            nonlocal asked
            asked += 1
            made_up = case.path_parameters
            for path in (made_up, *known_paths(set(made_up or {}), planted)):
                case.path_parameters = path
                answer(case, headers, who)

        try:
            ask()
        except FailureGroup as failures:
            problems.append(f"{operation.label}: {failures}")
    assert not problems, "\n".join(problems)
    assert asked > 60


def answer(case: Any, headers: dict[str, str], who: str) -> None:
    with transaction.atomic():
        response = case.call(headers=headers)
        transaction.set_rollback(True)
    case.validate_response(response, checks=CHECKS)
    text = _text(response)
    told = [word for word in PLANTED if word in text]
    assert not told, (who, case.operation.label)
    if who not in READERS:
        told = [word for word in (CONTENT, SUBJECT) if word in text]
        assert not told, (who, case.operation.label)


def _text(response: Any) -> str:
    """What a person reads: of papers the words of the file."""
    if response.content.startswith(b"%PDF"):
        return text_of(response.content)
    if response.content.startswith(b"PK"):
        packed = zipfile.ZipFile(io.BytesIO(response.content))
        return " ".join(
            packed.read(name).decode() for name in packed.namelist() if name[-4:] == ".xml"
        )
    return str(response.text)
