"""Form base of the portal: how every form looks, reports errors and cleans text.

Templates lie in ``templates/components/form/``. Label, hint and error are bound to the control
by ``aria-describedby``; ``{{ form }}`` starts with an error summary that links to the fields.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, NotPermitted, NotVisible, Stale

_ISO_DATE = re.compile(r"[1-9]\d{3}-\d\d-\d\d", re.ASCII)
_ISO_MONTH = re.compile(r"[1-9]\d{3}-\d\d", re.ASCII)
_DJANGO_REQUIRED = forms.Field.default_error_messages["required"]


def _required_words(field: forms.Field) -> Any:
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        return _("Choose one.")
    if isinstance(field, forms.BooleanField):
        return _("Tick this box to go on.")
    if isinstance(field, forms.FileField):
        return _("Choose a file.")
    return _("Fill this in.")


def choices_of(choices: Iterable[tuple[str, Any]]) -> list[tuple[str, str]]:
    """The choices of an enumeration as a form shows them: each begins with a capital."""
    return [(value, capfirst(str(label))) for value, label in choices]


class PortalRenderer(TemplatesSetting):
    """Renders forms and fields with the portal's templates (setting ``FORM_RENDERER``)."""

    form_template_name = "components/form/form.html"
    field_template_name = "components/form/field.html"


class PortalForm(forms.Form):
    """Form in the portal's look; says what is missing in plain words where a field has none."""

    default_renderer = PortalRenderer
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if field.error_messages.get("required") == _DJANGO_REQUIRED:
                field.error_messages["required"] = _required_words(field)

    def choose(self, name: str, choices: Iterable[tuple[str, Any]]) -> None:
        """Give a choice field its choices, where they follow from data."""
        field: Any = self.fields[name]
        field.choices = list(choices)

    def service_field(self, name: str) -> str | None:
        """The field that shows what a service says of its own field; None: above the form."""
        return name if name in self.fields else None

    def show_errors(self, error: DomainError) -> None:
        """Put a service's refusal beside its fields, what has none above; what was typed stays.

        After a stale version the form is of the version there is now, to be sent again.
        """
        for name, texts in error.fields.items():
            for text in texts:
                self.add_error(self.service_field(name), str(text))
        if not error.fields:
            self.add_error(None, str(error.message))
        if isinstance(error, Stale) and "version" in error.extra:
            typed: Any = self.data
            fresh = typed.copy()
            fresh[self.add_prefix("version")] = str(error.extra["version"])
            self.data = fresh


class TextField(forms.CharField):
    """Character field whose value is NFC and uses line feeds only.

    Vietnamese may arrive decomposed (NFD) from some phones; comparison, length limits and
    search need one form. ``rows`` makes it a text area of so many lines.
    """

    def __init__(self, *, rows: int = 0, **kwargs: Any) -> None:
        if rows and "widget" not in kwargs:
            kwargs["widget"] = forms.Textarea(attrs={"rows": rows})
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str | None:
        """Return the value as NFC text with ``\\n`` line ends, stripped."""
        text = super().to_python(value)
        if not text:
            return text
        return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


class DateInput(forms.DateInput):
    """The browser's own date picker; the value travels as ``YYYY-MM-DD``.

    A value in another form comes back as plain text: a picker would drop it without a word.
    """

    input_type = "date"
    known = _ISO_DATE

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Django's context, as a text field when the value is no ISO date."""
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        if shown and not self.known.fullmatch(shown):
            context["widget"]["type"] = "text"
        return context


class MonthInput(DateInput):
    """The browser's own picker of a month; the value travels as ``YYYY-MM``."""

    input_type = "month"
    known = _ISO_MONTH

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs)
        self.format = "%Y-%m"


class MonthField(forms.DateField):
    """The first day of a month that was chosen, or typed where the browser has no picker."""

    widget = MonthInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m", "%m/%Y", "%Y-%m-%d"], **kwargs)


class HintedRadioSelect(forms.RadioSelect):
    """Radio buttons whose options may carry a line of explanation each.

    ``hints`` maps the option's value to its text. The hint is read to screen readers together
    with the option.
    """

    def __init__(self, hints: Mapping[str, str | Promise] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.hints = dict(hints or {})

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add ``hint`` and its ``aria-describedby`` to Django's option."""
        option = super().create_option(*args, **kwargs)
        option["hint"] = self.hints.get(str(option["value"]), "")
        if option["hint"] and option["attrs"].get("id"):
            option["attrs"]["aria-describedby"] = f"{option['attrs']['id']}_hint"
        return option


def done(form: PortalForm, act: Callable[[], Any]) -> bool:
    """Whether a service did what was sent; what it said otherwise stands in the form. Raises
    NotVisible and NotPermitted, which are no fault of the form."""
    try:
        act()
    except (NotVisible, NotPermitted):
        raise
    except DomainError as error:
        form.show_errors(error)
        return False
    return True
