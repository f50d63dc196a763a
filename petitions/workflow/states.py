"""The states of a case: stored values, official labels, and what they have in common."""

from enum import StrEnum

COMPLAINT, DENUNCIATION = "complaint", "denunciation"
RECOMMENDATION, FEEDBACK = "recommendation", "feedback"
ALL_KINDS = frozenset({COMPLAINT, DENUNCIATION, RECOMMENDATION, FEEDBACK})


def N_(text: str) -> str:  # noqa: N802 -- gettext's own name
    """Mark a message for translation; it is translated where it is shown."""
    return text


class Status(StrEnum):
    SUBMITTED = "submitted"
    RECEIVED = "received"
    AWAITING_SUPPLEMENT = "awaiting_supplement"
    CLASSIFYING = "classifying"
    DUPLICATE = "duplicate"
    PROPOSED = "proposed"
    GUIDED = "guided"
    FORWARDED = "forwarded"
    AWAITING_RECEIVER = "awaiting_receiver"
    URGED = "urged"
    RETURNED = "returned"
    FILED_AWAY = "filed_away"
    DECLINED = "declined"
    REFERRED_TO_INVESTIGATION = "referred_to_investigation"
    ACCEPTED = "accepted"
    VERIFYING = "verifying"
    DIALOGUE = "dialogue"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"
    OUTCOME_DRAFTED = "outcome_drafted"
    DECIDED = "decided"
    NOTIFIED = "notified"
    PUBLISHED = "published"
    ACTING_ON_CONCLUSION = "acting_on_conclusion"
    IN_FORCE = "in_force"
    ENFORCING = "enforcing"
    ENFORCED = "enforced"
    SECOND_INSTANCE = "second_instance"
    FURTHER_DENUNCIATION = "further_denunciation"
    IN_COURT = "in_court"
    TAKEN_OVER = "taken_over"
    CLOSED = "closed"


S = Status
STATUS_LABELS = [
    (S.SUBMITTED.value, N_("Sent, waiting to be taken in")),
    (S.RECEIVED.value, N_("Received")),
    (S.AWAITING_SUPPLEMENT.value, N_("Supplement requested")),
    (S.CLASSIFYING.value, N_("Being classified")),
    (S.DUPLICATE.value, N_("Duplicate, joined to another case")),
    (S.PROPOSED.value, N_("Proposal with the head")),
    (S.GUIDED.value, N_("Guided to the competent body")),
    (S.FORWARDED.value, N_("Forwarded, not yet accepted")),
    (S.AWAITING_RECEIVER.value, N_("Waiting for the receiver's result")),
    (S.URGED.value, N_("Urged")),
    (S.RETURNED.value, N_("Returned to the body that sent it")),
    (S.FILED_AWAY.value, N_("Filed without handling")),
    (S.DECLINED.value, N_("Not accepted")),
    (S.REFERRED_TO_INVESTIGATION.value, N_("Sent to the investigation body")),
    (S.ACCEPTED.value, N_("Accepted")),
    (S.VERIFYING.value, N_("Being verified")),
    (S.DIALOGUE.value, N_("Dialogue held")),
    (S.SUSPENDED.value, N_("Suspended")),
    (S.TERMINATED.value, N_("Terminated")),
    (S.OUTCOME_DRAFTED.value, N_("Draft result with the head")),
    (S.DECIDED.value, N_("Decided")),
    (S.NOTIFIED.value, N_("Result sent")),
    (S.PUBLISHED.value, N_("Result published")),
    (S.ACTING_ON_CONCLUSION.value, N_("Acting on the conclusion")),
    (S.IN_FORCE.value, N_("Decision in force")),
    (S.ENFORCING.value, N_("Being carried out")),
    (S.ENFORCED.value, N_("Carried out")),
    (S.SECOND_INSTANCE.value, N_("Complained about a second time")),
    (S.FURTHER_DENUNCIATION.value, N_("Denounced further")),
    (S.IN_COURT.value, N_("Before the court")),
    (S.TAKEN_OVER.value, N_("Taken over by the superior")),
    (S.CLOSED.value, N_("Closed")),
]

CLOSED_STATUSES = [
    S.DUPLICATE.value,
    S.GUIDED.value,
    S.RETURNED.value,
    S.FILED_AWAY.value,
    S.DECLINED.value,
    S.REFERRED_TO_INVESTIGATION.value,
    S.TERMINATED.value,
    S.CLOSED.value,
]

# The petitioner holds a result in his hands, whatever it is.
RATEABLE = frozenset(
    {
        S.NOTIFIED.value,
        S.PUBLISHED.value,
        S.ACTING_ON_CONCLUSION.value,
        S.IN_FORCE.value,
        S.ENFORCING.value,
        S.ENFORCED.value,
        *(status for status in CLOSED_STATUSES if status != S.DUPLICATE.value),
    }
)
BEFORE_HEAD = frozenset({S.RECEIVED, S.CLASSIFYING, S.PROPOSED})
# A proposal or a draft waits for the head.
AWAITING_HEAD = (S.PROPOSED.value, S.OUTCOME_DRAFTED.value)
IN_WORK = frozenset({S.ACCEPTED, S.VERIFYING, S.DIALOGUE})
RESULT_SENT = frozenset({S.NOTIFIED, S.PUBLISHED})
OPEN = frozenset(s for s in S if s.value not in CLOSED_STATUSES)


def status_label(status: str) -> str:
    """The message to translate for a status."""
    return dict(STATUS_LABELS)[status]
