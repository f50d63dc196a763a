"""Register numbers: gapless per unit, book and year.

Denunciations have a book of their own: in one book with the other letters their numbers would be
the gaps that whoever sees no denunciation could count (Article 49 of the Law on Denunciations).
"""

from django.db import connection

from petitions.enums import DENUNCIATION_BOOK, REGISTER_BOOK, Kind

_NEXT_NUMBER = """
    INSERT INTO petitions_registercounter (unit_id, book, year, last) VALUES (%s, %s, %s, 1)
    ON CONFLICT (unit_id, book, year)
    DO UPDATE SET last = petitions_registercounter.last + 1 RETURNING last
"""


def book_of(kind: str) -> str:
    """The book in which a letter of this kind is registered."""
    return DENUNCIATION_BOOK if kind == Kind.DENUNCIATION else REGISTER_BOOK


def register_number_take(unit_id: int, year: int, book: str = REGISTER_BOOK) -> int:
    """The next number of a unit's register; gapless, since the row stays locked until commit."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_NUMBER, (unit_id, book, year))
        return int(cursor.fetchone()[0])
