from django.contrib import admin

from common.admin import ReferenceAdmin
from deadlines.models import CalendarChange, CalendarDay


@admin.register(CalendarDay)
class CalendarDayAdmin(ReferenceAdmin):
    list_display = ("date", "kind", "name", "basis", "status")
    list_filter = ("kind", "status")
    date_hierarchy = "date"


@admin.register(CalendarChange)
class CalendarChangeAdmin(ReferenceAdmin):
    list_display = ("at", "reason", "examined", "moved", "kept")
    date_hierarchy = "at"
