"""A file of assignments: choosing it, confirming it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import PortalForm
from common.sheet_reader import ROWS_MAX


class ImportForm(PortalForm):
    upload = forms.FileField(
        label=_("File with assignments"),
        help_text=_(
            "Excel (.xlsx) or CSV in UTF-8, one row for each task and unit, at most %(n)s rows."
            " Nothing is given before you confirm."
        )
        % {"n": f"{ROWS_MAX:,}".replace(",", ".")},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def service_field(self, name: str) -> str | None:
        """What is said of the stored file stands at the upload."""
        return "upload" if name in ("attachment", "file") else super().service_field(name)


class StartForm(PortalForm):
    """``only_right`` is asked only where rows are wrong."""

    only_right = forms.BooleanField(
        label=_("Leave out the wrong rows and give only the right ones"), required=False
    )

    def __init__(self, data: object = None, *, has_wrong: bool) -> None:
        super().__init__(data)
        if not has_wrong:
            del self.fields["only_right"]
