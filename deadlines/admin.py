from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from common.admin import ReferenceAdmin, called
from deadlines.models import CalendarChange, CalendarDay

called(
    CalendarDay,
    _("special day"),
    _("special days"),
    {
        "date": _("Day"),
        "kind": _("Kind of day"),
        "name": _("Name"),
        "basis": _("Legal basis"),
        "status": _("State"),
    },
)
called(
    CalendarChange,
    _("change of the calendar"),
    _("changes of the calendar"),
    {
        "at": _("Moment"),
        "reason": _("Reason"),
        "days": _("Changed days"),
        "examined": _("Limits looked at"),
        "moved": _("Limits moved"),
        "kept": _("Limits kept"),
    },
)


@admin.register(CalendarDay)
class CalendarDayAdmin(ReferenceAdmin):
    list_display = ("date", "kind", "name", "basis", "status")
    list_filter = ("kind", "status")
    date_hierarchy = "date"


@admin.register(CalendarChange)
class CalendarChangeAdmin(ReferenceAdmin):
    list_display = ("at", "reason", "examined", "moved", "kept")
    exclude = ("public_id",)
    date_hierarchy = "at"
