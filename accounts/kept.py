"""What an officer was writing when the sign-in ended or the password was asked for again: kept for
the same person for half an hour. Pure: the session that carries it belongs to the caller."""

import base64
import datetime as dt
from collections.abc import MutableMapping
from typing import Any, NamedTuple

from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from cryptography.exceptions import InvalidTag

from common.crypto import seal, unseal
from common.middleware import NEVER_SHOWN

KEEP = dt.timedelta(minutes=30)
LONGEST = 60_000  # characters of one form; a letter of the counter has 20,000
CONTEXT = "kept form"
KEPT_KEY = "kept_form"
# What must come back, or the form could not be sent after all: sealed, and in hidden fields alone.
SENT_AGAIN = {"key", "identity_number"}
NEVER_KEPT = NEVER_SHOWN - SENT_AGAIN


class KeptForm(NamedTuple):
    """Where the form was sent, on which page it stood, its fields with all their values, and
    whether files came with it, which are not kept."""

    path: str
    page: str
    fields: dict[str, list[str]]
    has_files: bool = False


def form_keep(person: int, form: KeptForm, at: dt.datetime) -> dict[str, Any] | None:
    """For the session; None when nothing was typed or it is longer than any form of ours."""
    length = sum(len(text) for texts in form.fields.values() for text in texts)
    if not length or length > LONGEST:
        return None
    data = {"person": person, "at": at.isoformat(), "form": list(form)}
    version, box = seal(data, context=CONTEXT)
    box_text = base64.b64encode(box).decode()
    return {"version": version, "box": box_text, "at": at.isoformat()}


def form_kept(kept: dict[str, Any] | None, person: int, at: dt.datetime) -> KeptForm | None:
    """The form again; None for somebody else, after half an hour, or when it was altered."""
    if not kept:
        return None
    try:
        data = unseal(kept["version"], base64.b64decode(kept["box"]), context=CONTEXT)
    except (KeyError, ValueError, InvalidTag):
        return None
    if data["person"] != person or _is_over(data["at"], at):
        return None
    return KeptForm(*data["form"])


def forms_drop(session: MutableMapping[str, Any], at: dt.datetime) -> None:
    """Forget in a session what was kept for longer than half an hour: the form that came after the
    sign-in, and the one that waits for the password, which gets its moment when first seen here."""
    waiting = session.get(STATE_SESSION_KEY)
    if waiting is not None and "at" not in waiting:
        session[STATE_SESSION_KEY] = waiting | {"at": at.isoformat()}
    for name in (KEPT_KEY, STATE_SESSION_KEY):
        kept = session.get(name)
        if kept is not None and ("at" not in kept or _is_over(kept["at"], at)):
            del session[name]


def _is_over(since: str, at: dt.datetime) -> bool:
    return at - dt.datetime.fromisoformat(since) > KEEP
