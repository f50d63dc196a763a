"""Every text has a topic and a file, and nothing is told that has none."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps

from deadlines.alarms import AlarmKind
from escalation.enums import StepKind
from notifications.previews import SAMPLES
from notifications.texts import text_versions
from notifications.topics import TOPIC_OF, TOPICS, ChannelName

ROOT = Path(__file__).resolve().parents[2]
TELLING = {
    "News", "NewMessage", "tell", "tell_assignee", "tell_overseer", "telling_ask", "_to_desk",
    "visitor_tell", "visitors_tell", "_mail_visitor", "tell_unit", "tell_lead", "signal_tell",
    "signal_tell_all", "inform", "_message", "writer_tell",
}  # fmt: skip
# Put together by code: directive_{…}, the kind of a step, calendar_{…}, the answer to a report.
COMPOSED = {
    "opinion_read",
    "opinion_returned",
    "account_invitation",
    "password_reset",
    "directive_confirmed",
    "directive_returned",
    "petition_overdue",
    *StepKind.values,
    *(f"calendar_{kind}" for kind in AlarmKind),
}


def named_in_code() -> Iterator[str]:
    """Names of texts that calls which tell something are given."""
    for config in apps.get_app_configs():
        if Path(config.path).parent == ROOT and config.name != "notifications":
            for path in Path(config.path).rglob("*.py"):
                yield from _named(ast.parse(path.read_text("utf-8")))


def _named(tree: ast.AST) -> Iterator[str]:
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and _name(call.func) in TELLING:
            given = [*call.args, *(word.value for word in call.keywords if word.arg == "template")]
            for value in given:
                if isinstance(value, ast.Constant) and re.fullmatch(r"[a-z_]+", str(value.value)):
                    yield value.value


def _name(func: ast.expr) -> str:
    return getattr(func, "attr", "") or getattr(func, "id", "")


def test_every_text_has_a_topic_a_file_and_a_preview() -> None:
    assert set(TOPIC_OF) == set(text_versions()) == set(SAMPLES)
    assert set(TOPIC_OF.values()) == {topic.code for topic in TOPICS}


def test_every_text_that_code_names_exists() -> None:
    named = COMPOSED | set(named_in_code())
    assert named <= set(TOPIC_OF), named - set(TOPIC_OF)
    # Nothing lies about that nobody sends.
    assert set(TOPIC_OF) - named == {"digest", "generic"}


def test_what_citizens_get_goes_by_e_mail_alone() -> None:
    for name in ("petition_filed", "petition_news"):
        topic = next(topic for topic in TOPICS if topic.code == TOPIC_OF[name])
        assert topic.channels == (ChannelName.EMAIL,)
        assert topic.is_legal
