"""Tracking by code and secret."""

import secrets
import time
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from common.codes import code_clean
from common.net import client_address
from common.ratelimit import limit
from common.time import local_date, today
from common.ui import TimelineItem, due_bar
from deadlines.links import calculator_href
from petitions.enums import Flag, MessageKind, OutcomeKind
from petitions.forms_lost import SecretForm, TrackForm
from petitions.forms_talk import RateForm, WriteForm
from petitions.models import Case, CaseClock, Letter
from petitions.rights import ways_open
from petitions.selectors_public import CODE_PREFIX, letter_by_id, letter_track
from petitions.sentences import how_to_object, if_missed, steps_ahead
from petitions.talk import live_case_id
from petitions.timeline import PublicRecord, ground_label, officers_words, public_record
from petitions.workflow import RATEABLE, Action, Status, status_label

SESSION_KEY = "track"
OPEN_SECONDS = 30 * 60


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Code and secret, always typed; the code may come from the QR."""
    if request.method != "POST":
        code = code_clean(request.GET.get("ma", "")[:200], CODE_PREFIX) or ""
        return render(
            request, "petitions/public/track.html", {"form": TrackForm(initial={"code": code})}
        )
    limit("track", client_address(request))
    form = TrackForm(request.POST)
    if form.is_valid():
        letter = letter_track(form.cleaned_data["code"], form.cleaned_data["secret"])
        if letter is not None:
            request.session.cycle_key()
            _remember(request, letter)
            return redirect("petitions:track_view")
        form.add_error(None, _("Code and secret do not fit together. Check both and try again."))
    return render(request, "petitions/public/track.html", {"form": form})


@login_not_required
@never_cache
@require_safe
def track_view(request: HttpRequest) -> HttpResponse:
    """The petition opened in this session, for half an hour after the last look."""
    letter = opened_letter(request)
    if letter is None:
        return redirect("petitions:track")
    context = track_context(public_record(letter))
    return render(request, "petitions/public/track_view.html", context)


def opened_letter(request: HttpRequest) -> Letter | None:
    """The letter that code and secret opened in this session; every look prolongs it."""
    opened = request.session.get(SESSION_KEY) or {}
    letter = letter_by_id(opened["letter"]) if opened.get("until", 0) > time.time() else None
    if letter is not None and _mark(letter) != opened.get("mark"):
        letter = None
    if letter is not None:
        _remember(request, letter)
    elif opened:
        del request.session[SESSION_KEY]
        messages.info(request, _("The page was closed after 30 minutes. Please type again."))
    return letter


def letter_open(request: HttpRequest, letter: Letter) -> None:
    """Open a letter that the browser has just sent, as code and secret would."""
    _remember(request, letter)


def _remember(request: HttpRequest, letter: Letter) -> None:
    opened = {"letter": letter.pk, "until": _until(), "mark": _mark(letter)}
    request.session[SESSION_KEY] = opened


def _mark(letter: Letter) -> str:
    """A new secret closes what the old one opened."""
    return bytes(letter.secret_hmac)[:8].hex()


def _until() -> int:
    return int(time.time()) + OPEN_SECONDS


def track_context(record: PublicRecord) -> dict[str, Any]:
    """Everything that the page of an opened petition shows."""
    case = record.case
    return {
        "record": record,
        "letter": record.letter,
        "unit": case.unit,
        "status": _(status_label(case.status)),
        "is_closed": not case.is_open,
        "needs_signature": Flag.UNSIGNED in case.flags,
        "is_anonymous": Flag.ANONYMOUS in case.flags,
        "read_form": SecretForm() if record.is_secretive and officers_words(record) else None,
        "is_information": Flag.INFORMATION in case.flags,
        "items": _items(record),
        "asked": _asked(record),
        "ways": ways_open(record),
        "write_form": WriteForm(initial=_write_initial(record)),
        "rate_form": RateForm() if may_rate(record) else None,
        "calculator_href": calculator_href(
            case.kind, local_date(record.letter.submitted_at), case.instance
        ),
        "limits": [_limit(link, case.kind) for link in record.clocks if _is_live(link)],
        "outcomes": [_outcome(item, record) for item in record.outcomes],
    }


def may_rate(record: PublicRecord) -> bool:
    """The petitioner holds a result and has not rated today."""
    rating = record.talk.rating
    if rating is not None and local_date(rating.at) == today():
        return False
    live = record.case
    if live_case_id(record.letter) != live.pk:
        live = Case.objects.only("status").get(pk=live_case_id(record.letter))
    return live.status in RATEABLE


def _asked(record: PublicRecord) -> str:
    """What the unit waits for, in its own words; withheld for a denunciation."""
    if record.case.status != Status.AWAITING_SUPPLEMENT or record.is_secretive:
        return ""
    told = [n.text for n in record.notes if n.action == Action.REQUEST_SUPPLEMENT.value]
    return told[-1] if told else ""


def _write_initial(record: PublicRecord) -> dict[str, str]:
    waits = record.case.status == Status.AWAITING_SUPPLEMENT
    kind = MessageKind.SUPPLEMENT if waits else MessageKind.MESSAGE
    return {"kind": kind.value, "key": secrets.token_hex(16)}


def _is_live(link: CaseClock) -> bool:
    return link.clock.closed_on is None


def _items(record: PublicRecord) -> list[TimelineItem]:
    """Steps done, the last one as the present, then what lies ahead."""
    last = len(record.entries) - 1
    done = [
        TimelineItem(
            title=entry.title,
            at=entry.at,
            text=entry.detail,
            state="current" if index == last and record.case.is_open else "done",
        )
        for index, entry in enumerate(record.entries)
    ]
    is_information = Flag.INFORMATION in record.case.flags
    ahead = steps_ahead(record.case.status, is_information=is_information)
    return done + [TimelineItem(title=words, state="next") for words in ahead]


def _limit(link: CaseClock, kind: str) -> dict[str, Any]:
    clock = link.clock
    bar = due_bar(
        started_on=clock.started_on, due_on=clock.due_on, today=today(), state=clock.state
    )
    return {
        "label": link.get_stage_display(),
        "clock": clock,
        "bar": bar,
        "basis": clock.basis,
        "is_internal": clock.is_internal,
        "if_missed": if_missed(kind, link.stage),
    }


def _outcome(outcome: Any, record: PublicRecord) -> dict[str, Any]:
    return {
        "label": OutcomeKind(outcome.kind).label,
        "number": outcome.number,
        "issued_on": outcome.issued_on,
        "text": "" if record.is_secretive else outcome.text,
        "ground": ground_label(outcome),
        "how_to_object": how_to_object(record.case.kind, outcome.kind),
    }
