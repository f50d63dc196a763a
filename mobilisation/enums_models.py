"""Words of the register of models and of the indices."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _


class ExemplarState(models.TextChoices):
    """Where a model of "dân vận khéo" stands."""

    DRAFT = "draft", _("draft (model)")
    REGISTERED = "registered", _("registered (model)")
    RECOGNISED = "recognised", _("recognised (model)")
    REFUSED = "refused", _("not recognised (model)")
    PUBLISHED = "published", _("published (model)")
    UNPUBLISHED = "unpublished", _("withdrawn from publication (model)")
    DROPPED = "dropped", _("given up (model)")


class RecognitionLevel(models.TextChoices):
    """Who recognised a model, the highest last."""

    UNIT = "unit", _("recognised by the unit's Party committee")
    CITY = "city", _("recognised by the City")


S = ExemplarState
# A decision stands behind these.
HONOURED = (S.RECOGNISED, S.PUBLISHED, S.UNPUBLISHED)
# Nobody but the unit sees these.
OWN = (S.DRAFT, S.DROPPED)
# What another unit may copy.
COPYABLE = (S.RECOGNISED, S.PUBLISHED)
# A copy counts once it is registered.
COUNTED = (S.REGISTERED, *HONOURED)


class IndexKind(models.TextChoices):
    """The yearly indices, by the names under which they are published."""

    PAR = "par", _("PAR Index (administrative reform)")
    SIPAS = "sipas", _("SIPAS (satisfaction with public services)")
    DTI = "dti", _("DTI (digital transformation)")
    PAPI = "papi", _("PAPI (governance as citizens see it)")


# The highest possible value of an index, as it is published.
SCALES: dict[str, Decimal] = {
    IndexKind.PAR: Decimal(100),
    IndexKind.SIPAS: Decimal(100),
    IndexKind.DTI: Decimal(1),
    IndexKind.PAPI: Decimal(80),
}
# In per cent; the others are points.
IN_PERCENT = (IndexKind.PAR, IndexKind.SIPAS)
