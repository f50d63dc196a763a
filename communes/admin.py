from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from common.admin import ReferenceAdmin, called
from communes.models import Unit

called(
    Unit,
    _("unit"),
    _("units"),
    {
        "code": _("Code of the unit"),
        "kind": _("Kind of unit"),
        "name": _("Name"),
        "full_name": _("Full name of the unit"),
        "name_en": _("Name in English"),
        "line": _("Line of authority"),
        "duty": _("Duties"),
        "parent": _("Superior unit"),
        "former_district": _("Former district"),
        "formed_from": _("Formed from"),
        "latitude": _("Latitude"),
        "longitude": _("Longitude"),
        "area_km2": _("Area in km²"),
        "population": _("Population"),
        "neighbours": _("Neighbouring units"),
        "is_remote": _("Counts as remote"),
        "address": _("Address"),
        "working_hours": _("Working hours"),
        "basis": _("Legal basis"),
        "valid_from": _("Valid from"),
        "valid_to": _("Valid until"),
    },
)


@admin.register(Unit)
class UnitAdmin(ReferenceAdmin):
    list_display = (
        "code",
        "full_name",
        "kind",
        "former_district",
        "valid_from",
        "valid_to",
    )
    list_filter = ("kind", "former_district")
    exclude = ("slug", "grid_col", "grid_row", "search_text")
    search_fields = ("code", "name", "search_text")
