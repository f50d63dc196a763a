from django.contrib import admin

from common.admin import ReferenceAdmin
from communes.models import Unit


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
    search_fields = ("code", "name", "search_text")
