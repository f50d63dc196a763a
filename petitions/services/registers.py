"""Register numbers: gapless per unit, book and year."""

from django.db import connection

REGISTER_BOOK = "letters"
_NEXT_NUMBER = """
    INSERT INTO petitions_registercounter (unit_id, book, year, last) VALUES (%s, %s, %s, 1)
    ON CONFLICT (unit_id, book, year)
    DO UPDATE SET last = petitions_registercounter.last + 1 RETURNING last
"""


def register_number_take(unit_id: int, year: int, book: str = REGISTER_BOOK) -> int:
    """The next number of a unit's register; gapless, since the row stays locked until commit."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_NUMBER, (unit_id, book, year))
        return int(cursor.fetchone()[0])
