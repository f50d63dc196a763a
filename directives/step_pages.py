"""The steps of a task: each with its form, its service, and what is said afterwards."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy

from attachments.services import attachment_store
from common.errors import Text
from directives import forms_steps as f
from directives.services import (
    Plan,
    Report,
    assignment_receive,
    assignment_withdraw,
    extension_answer,
    extension_ask,
    owner_appoint,
    plan_record,
    report_review,
    report_submit,
    study_record,
    study_withdraw,
)

Data = dict[str, Any]


def _stored(uploads: Sequence[Any]) -> list[str]:
    """Public identifiers of files as they were stored."""
    kept = [attachment_store(stream=upload, name=upload.name) for upload in uploads if upload]
    return [str(file.public_id) for file in kept]


def _one_stored(upload: Any) -> str:
    return _stored([upload])[0] if upload else ""


def _report(data: Data, **key: Any) -> None:
    report = Report(
        text=data["text"],
        state=data["state"],
        value=data["value"],
        difficulties=data["difficulties"],
        proposals=data["proposals"],
        files=_stored(data["uploads"]),
    )
    report_submit(report=report, period=data.get("period") or None, **key)


def _plan(data: Data, **key: Any) -> None:
    names = ("number", "issued_on", "title", "approved_by", "origin")
    said = {name: data[name] for name in names}
    plan = Plan(**said, attachment=_one_stored(data["uploads"]))
    plan_record(plan=plan, plan_version=data["plan_version"], **key)


def _study(data: Data, **key: Any) -> None:
    said = {name: data[name] for name in ("held_on", "people", "material", "note")}
    study_record(**said, attachment=_one_stored(data["uploads"]), **key)


def _review(data: Data, **key: Any) -> None:
    report_review(
        is_accepted=data["decision"] == "accept",
        text=data["text"],
        until=data["until"],
        period=data.get("period") or None,
        **key,
    )


class StepPage(NamedTuple):
    """A step of the page: its form, its service, what is said afterwards, its name and button."""

    form: type[f.VersionedForm]
    send: Callable[..., Any]
    done: Text
    label: Text


STEPS: dict[str, StepPage] = {
    "receive": StepPage(
        f.ReceiveForm,
        lambda data, **key: assignment_receive(**key),
        gettext_lazy("It is noted that the unit has received the task."),
        gettext_lazy("Note that it was received"),
    ),
    "report": StepPage(
        f.ReportForm,
        _report,
        gettext_lazy("The report was sent."),
        gettext_lazy("Report progress"),
    ),
    "review": StepPage(
        f.ReviewForm,
        _review,
        gettext_lazy("The answer was recorded."),
        gettext_lazy("Answer the report"),
    ),
    "extension_answer": StepPage(
        f.ExtensionAnswerForm,
        lambda data, **key: extension_answer(
            is_granted=data["is_granted"] == "yes", answer=data["answer"], **key
        ),
        gettext_lazy("The answer was recorded."),
        gettext_lazy("Answer the request for more time"),
    ),
    "owner": StepPage(
        f.OwnerForm,
        lambda data, **key: owner_appoint(owner=data["owner"], **key),
        gettext_lazy("It is recorded who sees to the task."),
        gettext_lazy("Who sees to the task"),
    ),
    "plan": StepPage(
        f.PlanForm,
        _plan,
        gettext_lazy("The plan was recorded."),
        gettext_lazy("Plan of the unit"),
    ),
    "study": StepPage(
        f.StudyForm,
        _study,
        gettext_lazy("The study session was recorded."),
        gettext_lazy("Record a study session"),
    ),
    "study_withdraw": StepPage(
        f.StudyWithdrawForm,
        lambda data, **key: study_withdraw(study=data["study"], **key),
        gettext_lazy("The study session was withdrawn."),
        gettext_lazy("Withdraw a study session"),
    ),
    "extension": StepPage(
        f.ExtensionForm,
        lambda data, **key: extension_ask(
            wanted_on=data["wanted_on"],
            reason=data["reason"],
            period=data.get("period") or None,
            **key,
        ),
        gettext_lazy("The request for more time was sent."),
        gettext_lazy("Ask for more time"),
    ),
    "withdraw": StepPage(
        f.WithdrawForm,
        lambda data, **key: assignment_withdraw(reason=data["reason"], **key),
        gettext_lazy("The task was withdrawn."),
        gettext_lazy("Withdraw the task"),
    ),
}
# Forms of their own place on the page.
APART = ("receive", "study_withdraw")
BUTTONS = {
    "report": gettext_lazy("Send the report"),
    "review": gettext_lazy("Record the answer"),
    "extension_answer": gettext_lazy("Record the answer"),
    "plan": gettext_lazy("Save the plan"),
    "study": gettext_lazy("Save the session"),
    "owner": gettext_lazy("Save"),
    "extension": gettext_lazy("Send the request"),
    "withdraw": gettext_lazy("Withdraw the task"),
}
# What is most likely meant stands open; these before anything else.
FIRST = ("extension_answer", "review", "report")
