"""The whole content of the database in one glance, to be compared before and after."""

from django.apps import apps
from django.db import connection

# A session is written by whoever has one, whatever is asked with it.
IGNORED = {"django_session"}


def tables() -> list[str]:
    """Every table of ours and of the packages."""
    models = apps.get_models(include_auto_created=True)
    return sorted({m._meta.db_table for m in models if m._meta.managed and not m._meta.proxy})


def state() -> dict[str, str]:
    """Table → how many rows and a digest over all of them; one query."""
    names = [table for table in tables() if table not in IGNORED]
    one = (
        "SELECT '{0}', count(*) || ':' || coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {0} t"
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(one.format(table) for table in names))
        return dict(cursor.fetchall())


def changed(before: dict[str, str]) -> set[str]:
    """Tables whose content is another than before."""
    after = state()
    return {table for table in after if after[table] != before[table]}
