"""Denunciations of which no redacted copy is released are called by their field.

Batches of their own transactions, beside the running portal. Back again, a case is called by the
subject of its first letter, which was never changed.
"""

from django.db import migrations

from common.text import fold

BATCH = 2000
# As petitions.subjects says it today; what it says later is another migration's matter.
NEUTRAL = "Tố cáo – lĩnh vực %s"
NEXT = """
    SELECT c.id, f.label_vi FROM petitions_case AS c
    JOIN petitions_subjectfield AS f ON f.id = c.field_id
    WHERE c.kind = 'denunciation' AND c.id > %s AND NOT EXISTS (
        SELECT 1 FROM petitions_letter AS l JOIN petitions_redactedcopy AS r ON r.letter_id = l.id
        WHERE l.code = c.code AND r.state = 'released')
    ORDER BY c.id LIMIT %s
"""
WRITTEN = """
    SELECT c.id, l.subject FROM petitions_case AS c
    JOIN petitions_letter AS l ON l.code = c.code
    WHERE c.kind = 'denunciation' AND c.id > %s AND NOT EXISTS (
        SELECT 1 FROM petitions_redactedcopy AS r
        WHERE r.letter_id = l.id AND r.state = 'released')
    ORDER BY c.id LIMIT %s
"""
# Filed or released in the meantime: a copy that is released now names the case, not this.
NAMED = """
    UPDATE petitions_case AS c
    SET subject = new.subject, search_text = lower(c.code) || ' ' || new.folded
    FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS new (id, subject, folded)
    WHERE c.id = new.id AND c.subject <> new.subject AND NOT EXISTS (
        SELECT 1 FROM petitions_letter AS l JOIN petitions_redactedcopy AS r ON r.letter_id = l.id
        WHERE l.code = c.code AND r.state = 'released')
"""


def neutral(_apps, editor):
    _rename(editor, NEXT, lambda label: (NEUTRAL % label)[:300])


def written(_apps, editor):
    _rename(editor, WRITTEN, lambda subject: subject[:300])


def _rename(editor, rows, called):
    last = 0
    with editor.connection.cursor() as cursor:
        while True:
            cursor.execute(rows, [last, BATCH])
            found = [(pk, called(words)) for pk, words in cursor.fetchall()]
            if not found:
                return
            keys, subjects = [pk for pk, _ in found], [words for _, words in found]
            cursor.execute(NAMED, [keys, subjects, [fold(words) for words in subjects]])
            last = keys[-1]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("petitions", "0016_register_of_denunciations")]

    operations = [migrations.RunPython(neutral, written, elidable=True)]
