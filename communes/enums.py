from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    CITY = "city", _("city")
    CITY_BODY = "city_body", _("city body")
    DEPARTMENT = "department", _("department")
    SERVICE_UNIT = "service_unit", _("public service unit")
    WARD = "ward", _("ward")
    COMMUNE = "commune", _("commune")


COMMUNE_LEVEL = (UnitKind.WARD, UnitKind.COMMUNE)
