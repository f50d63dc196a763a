from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from common.admin import ReferenceAdmin, called
from petitions.models import SubjectField

called(
    SubjectField,
    _("field of petitions"),
    _("fields of petitions"),
    {
        "code": _("Code of the field"),
        "label_vi": _("Name"),
        "label_en": _("Name in English"),
        "leaf_complaint": _("Row of the report: complaints"),
        "leaf_denunciation": _("Row of the report: denunciations"),
        "leaf_recommendation": _("Row of the report: recommendations"),
        "directive": _("Directive"),
        "basis": _("Legal basis"),
        "position": _("Place in the list"),
    },
)


@admin.register(SubjectField)
class SubjectFieldAdmin(ReferenceAdmin):
    list_display = ("code", "label_vi", "leaf_complaint", "leaf_denunciation")
