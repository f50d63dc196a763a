"""Plain words for the dates ahead of a petition: what happens, what to do when it does not.

Legal bases stand in the sentences: Law on Complaints 02/2011, Law on Denunciations 25/2018, Law
on Citizen Reception 42/2013.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812 -- gettext's own name

from deadlines.forecast import DENUNCIATION, Certainty

TITLES = {
    "acceptance": N_("The unit accepts the petition, or says in writing why not"),
    "acceptance_longer": N_("The same, when facts must be checked in several places"),
    "forwarding": N_("Another body is competent: the unit has passed the petition on"),
    "accepted_notice": N_("The unit has told you that the petition is accepted"),
    "notice": N_("The unit says whether it accepts the petition or who else is competent"),
    "reception_answer": N_("An answer to what you brought to the reception"),
    "party_notice": N_("The head of the Party committee says what becomes of the petition"),
    "resolution": N_("The result is signed"),
    "extension": N_("The result, after an extension by written decision"),
    "extension_again": N_("The result, after a second extension"),
    "decision_sent": N_("The decision has been sent to you"),
    "conclusion_sent": N_("You have been told the conclusion"),
    "handling": N_("The conclusion is acted upon"),
    "publication": N_("The conclusion is published, without a word on who reported it"),
    "in_force": N_("The decision takes effect"),
    "second_complaint": N_("Last day for a second complaint, if you do not agree"),
    "second_unresolved": N_("Last day for a second complaint, if nothing was resolved"),
    "regulation": N_("A report on a rule, sent to the wrong body, has been passed on"),
    "result": N_("The result"),
    "discipline": N_("45 days: without good reason the head answers for the delay"),
}
# Neutral words for a calendar on a shared device: they do not say what was sent.
SHORT = {
    "acceptance": N_("Answer on acceptance due"),
    "resolution": N_("Result due"),
    "second_complaint": N_("Last day to disagree"),
    "second_unresolved": N_("Last day to go on"),
    "in_force": N_("Decision takes effect"),
}
_SHORT_OTHER = N_("Date of a petition")
CERTAINTIES = {
    Certainty.SURE: "",
    Certainty.CHAINED: N_("If the step before it comes on its own last day"),
    Certainty.POSSIBLE: N_("Only if this happens in your case"),
    Certainty.INTERNAL: N_("The law sets no date: the unit sets itself an internal target"),
}
_NO_ANSWER = N_(
    "No answer by then: ask the unit in writing, come to a reception day, or turn to the City"
    " Citizen Reception Board."
)
_MISSED_COMPLAINT = N_(
    "Not resolved by then: you may complain a second time to the superior, or go to the"
    " administrative court (Law on Complaints, Articles 7 and 33)."
)
_MISSED_DENUNCIATION = N_(
    "Nothing by then: you may denounce further to the superior of the head"
    " (Law on Denunciations, Article 38)."
)
_TOO_LATE = N_(
    "Later a complaint is refused, unless illness, a disaster or another obstacle kept you away"
    " (Law on Complaints, Articles 9 and 11)."
)
_ASKED = ("acceptance", "notice", "reception_answer", "party_notice", "accepted_notice")
_RESULTS = ("resolution", "extension", "extension_again")


def title(key: str) -> str:
    """What happens by that date, translated."""
    return _(TITLES[key])


def short_title(key: str) -> str:
    """The same for a calendar entry, without the kind of petition."""
    return _(SHORT.get(key, _SHORT_OTHER))


def certainty(value: Certainty) -> str:
    """Under which condition the date holds, translated; "" when under none."""
    words = CERTAINTIES[value]
    return _(words) if words else ""


def if_missed(kind: str, key: str) -> str:
    """What to do when nothing happened by then, translated; "" where nothing is to be done."""
    if key in ("second_complaint", "second_unresolved"):
        return _(_TOO_LATE)
    if key in _RESULTS or (kind == DENUNCIATION and key == "acceptance"):
        return _(_MISSED_DENUNCIATION if kind == DENUNCIATION else _MISSED_COMPLAINT)
    return _(_NO_ANSWER) if key in _ASKED else ""
