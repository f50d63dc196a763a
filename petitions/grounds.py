"""The lists of legal grounds and forms that an action asks for, and for which kinds each holds."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.errors import Text
from petitions.enums import Kind


class RefusalGround(models.TextChoices):
    """Why not to accept: the nine grounds of Article 11 of the Law on Complaints, the conditions
    of Article 29 of the Law on Denunciations, Article 9.3 of the Law on Citizen Reception."""

    INTERNAL_DECISION = "internal_decision", _("internal or normative decision")
    NO_DIRECT_EFFECT = "no_direct_effect", _("no direct effect on the complainant's rights")
    NO_CAPACITY = "no_capacity", _("no legal capacity and no lawful representative")
    REPRESENTATIVE_UNLAWFUL = "representative_unlawful", _("the representative is not lawful")
    UNSIGNED = "unsigned", _("no signature or fingerprint")
    TIME_BAR = "time_bar", _("time bar or time limit passed without good reason")
    SECOND_DECISION = "second_decision", _("a second-instance decision exists")
    TERMINATED = "terminated", _("terminated and not resumed within 30 days")
    IN_COURT = "in_court", _("accepted or decided by a court")
    NO_BASIS = "no_basis", _("no basis to identify the violator or the violation")
    NO_NEW_EVIDENCE = (
        "no_new_evidence",
        _("grew out of a resolved complaint, without evidence against who resolved it"),
    )
    ALREADY_ANSWERED = "already_answered", _("answered before, and nothing new is brought")


G = RefusalGround
NINE = tuple(RefusalGround)[:9]
REFUSALS: dict[str, tuple[RefusalGround, ...]] = {
    Kind.COMPLAINT: NINE,
    Kind.DENUNCIATION: (G.UNSIGNED, G.NO_CAPACITY, G.NO_BASIS, G.NO_NEW_EVIDENCE),
    Kind.RECOMMENDATION: (G.ALREADY_ANSWERED, G.NO_CAPACITY, G.IN_COURT),
    Kind.FEEDBACK: (G.ALREADY_ANSWERED, G.NO_CAPACITY, G.IN_COURT),
}


class ReturnGround(models.TextChoices):
    """Why a receiver gives back what was forwarded."""

    NOT_COMPETENT = "not_competent", _("the receiver is not competent")
    FORWARDED_BEFORE = "forwarded_before", _("the same content was forwarded before")
    INCOMPLETE = "incomplete", _("papers of the file are missing")
    UNREADABLE = "unreadable", _("torn or illegible")
    RECALLED = "recalled", _("taken back by the sender, unanswered")


class SuspensionGround(models.TextChoices):
    """Article 11a of the Law on Complaints, Article 34.1 of the Law on Denunciations."""

    OBSTACLE = "obstacle", _("force majeure or an objective obstacle")
    OTHER_RESULT = "other_result", _("the result of another body must be awaited")
    EXPERT_OPINION = "expert_opinion", _("a further expert opinion must be awaited")


SUSPENSIONS: dict[str, tuple[SuspensionGround, ...]] = {
    Kind.COMPLAINT: (SuspensionGround.OBSTACLE, SuspensionGround.OTHER_RESULT),
    Kind.DENUNCIATION: (SuspensionGround.OTHER_RESULT, SuspensionGround.EXPERT_OPINION),
}


class TerminationGround(models.TextChoices):
    """Article 11a of the Law on Complaints, Article 34.3 of the Law on Denunciations."""

    WITHDRAWN = "withdrawn", _("wholly withdrawn")
    NO_SUCCESSOR = "no_successor", _("the complainant died or was dissolved, without successor")
    ACCUSED_DIED = "accused_died", _("the denounced died, and only his responsibility was at stake")
    DECIDED_ELSEWHERE = "decided_elsewhere", _("decided by a court or by a decision in force")


T = TerminationGround
TERMINATIONS: dict[str, tuple[TerminationGround, ...]] = {
    Kind.COMPLAINT: (T.WITHDRAWN, T.NO_SUCCESSOR),
    Kind.DENUNCIATION: (T.WITHDRAWN, T.ACCUSED_DIED, T.DECIDED_ELSEWHERE),
}


class TakeoverGround(models.TextChoices):
    """Articles 37 and 38.5 of the Law on Denunciations, Article 5 of Decree 31/2019."""

    OVERDUE = "overdue", _("not resolved in the limit, without good reason")
    UNLAWFUL = "unlawful", _("signs of a serious breach of law in the resolution")


class ClosingGround(models.TextChoices):
    DONE = "done", _("the result was carried out")
    NOTHING_TO_DO = "nothing_to_do", _("the result asks for nothing to be carried out")
    FINAL = "final", _("final by law: reviewed, explained and told in writing")
    ELSEWHERE = "elsewhere", _("goes on at another body or the court")


class WithdrawalScope(models.TextChoices):
    WHOLE = "whole", _("the whole petition")
    PART = "part", _("a part of it")


class WithdrawalForm(models.TextChoices):
    LETTER = "letter", _("letter with signature or fingerprint")
    MINUTES = "minutes", _("minutes signed by the petitioner")


class SigningForm(models.TextChoices):
    """How a letter that was sent online came to be signed (Articles 22 and 23 of the Law on
    Denunciations, Article 8 of the Law on Complaints)."""

    BROUGHT = "brought", _("the signed letter was brought")
    POSTED = "posted", _("the signed letter came by post")
    AT_THE_COUNTER = "at_the_counter", _("signed or fingerprinted before the officer")


class PublicationForm(models.TextChoices):
    """Article 41.2 of the Law on Complaints, Article 40 of the Law on Denunciations."""

    MEETING = "meeting", _("at a meeting")
    POSTING = "posting", _("posted at the office or the reception place")
    MEDIA = "media", _("in the media")
    PORTAL = "portal", _("on the portal or website")


class Relation(models.TextChoices):
    """How a case belongs to another; read "this case is … the other"."""

    DUPLICATE_OF = "duplicate_of", _("the same letter of the same person as")
    REPEAT_OF = "repeat_of", _("another letter of the same person on the matter of")
    SAME_MATTER = "same_matter", _("by other people on the same matter as")
    SECOND_INSTANCE_OF = "second_instance_of", _("the second complaint against the result of")
    FURTHER_OF = "further_of", _("a further denunciation after")
    GREW_OUT_OF = "grew_out_of", _("grown out of")
    SPLIT_FROM = "split_from", _("split off from the letter of")
    FORWARDED_FROM = "forwarded_from", _("forwarded from")


REVERSED: dict[Relation, Text] = {
    Relation.DUPLICATE_OF: _("has the duplicate"),
    Relation.REPEAT_OF: _("is written about again in"),
    Relation.SAME_MATTER: _("is about the same matter as, by other people,"),
    Relation.SECOND_INSTANCE_OF: _("was complained about a second time in"),
    Relation.FURTHER_OF: _("was denounced further in"),
    Relation.GREW_OUT_OF: _("gave rise to"),
    Relation.SPLIT_FROM: _("had split off"),
    Relation.FORWARDED_FROM: _("goes on at the receiver as"),
}
BY_HAND = (Relation.REPEAT_OF, Relation.SAME_MATTER, Relation.GREW_OUT_OF)

_LISTS: dict[str, type[models.TextChoices]] = {
    "return_grounds": ReturnGround,
    "takeover_grounds": TakeoverGround,
    "closing_grounds": ClosingGround,
    "withdrawal_scopes": WithdrawalScope,
    "withdrawal_forms": WithdrawalForm,
    "publication_forms": PublicationForm,
    "signing_forms": SigningForm,
    "kinds": Kind,
}
_BY_KIND: dict[str, dict[str, tuple[models.TextChoices, ...]]] = {
    "refusal_grounds": dict(REFUSALS),
    "suspension_grounds": dict(SUSPENSIONS),
    "termination_grounds": dict(TERMINATIONS),
}


def listed(name: str, kind: str) -> list[models.TextChoices] | None:
    """The values of a list by its name, for a kind of petition; None for a list kept elsewhere."""
    if name == "relations":
        return list(BY_HAND)
    if name == "return_grounds":
        return [ground for ground in ReturnGround if ground is not ReturnGround.RECALLED]
    if name in _BY_KIND:
        return list(_BY_KIND[name].get(kind, ()))
    return list(_LISTS[name]) if name in _LISTS else None
