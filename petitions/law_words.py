"""The short codes of the workflow's legal bases in words: "LD 24.1" is Article 24(1) of the Law
on Denunciations. Pure.

The codes stay in the rules, where they are compared with the table of the law; people read this.
"""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LAWS: dict[str, Promise] = {
    "LR": gettext_lazy("of the Law on Citizen Reception"),
    "LC": gettext_lazy("of the Law on Complaints"),
    "LD": gettext_lazy("of the Law on Denunciations"),
    "D124": gettext_lazy("of Decree 124/2020"),
}
# "LR 26.1.b", "Decree 31/2019 3", "Circular 05/2021 14.1"
_SOURCE = re.compile(r"^(L[RCD]|D124|Decree [\d/]+|Circular [\d/]+) (.+)$")


def basis_words(basis: str) -> str:
    """Every source with its articles; what is no such code stays as it is written."""
    return "; ".join(_source_words(part.strip()) for part in basis.split(";"))


def _source_words(part: str) -> str:
    found = _SOURCE.match(part)
    if found is None:
        return part
    law, places = _law(found[1]), found[2]
    if places == "as amended":
        return _("the provisions %(law)s as amended") % {"law": law}
    articles = ", ".join(_article(place.strip()) for place in places.split(","))
    return f"{articles} {law}"


def _law(code: str) -> str:
    if code in LAWS:
        return str(LAWS[code])
    kind, number = code.split()
    words = _("of Decree %(number)s") if kind == "Decree" else _("of Circular %(number)s")
    return words % {"number": number}


def _article(place: str) -> str:
    """24 → Article 24, 24.1 → its clause, 26.1.b → the point of the clause."""
    article, clause, point = (*place.split("."), "", "")[:3]
    names = {"article": article, "clause": clause, "point": point}
    if point:
        return _("Article %(article)s(%(clause)s)(%(point)s)") % names
    return (_("Article %(article)s(%(clause)s)") if clause else _("Article %(article)s")) % names
