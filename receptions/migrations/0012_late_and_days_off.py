"""What was late when it was announced, and days off that were meant, from what is known."""

from django.db import migrations

# The present day of what was moved later has no event that says whether it was late.
LATE = """
    UPDATE receptions_receptionsession AS day
    SET announced_late = (said.data ->> 'late')::boolean
    FROM (
        SELECT DISTINCT ON (session_id) session_id, data
        FROM receptions_sessionevent
        WHERE action = 'receptions.session.published'
        ORDER BY session_id, sequence DESC
    ) AS said
    WHERE said.session_id = day.id AND day.published_at IS NOT NULL AND day.move_reason = ''
      AND said.data ? 'late'
"""
# Whoever planned a day off had to say that it is meant.
MEANT = """
    UPDATE receptions_receptionsession AS day
    SET on_day_off = true
    WHERE status IN ('draft', 'published') AND starts_at > now() AND (
        (
            EXTRACT(ISODOW FROM starts_at AT TIME ZONE 'Asia/Ho_Chi_Minh') >= 6
            AND NOT EXISTS (
                SELECT 1 FROM deadlines_calendarday AS swapped
                WHERE swapped.date = (day.starts_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
                  AND swapped.kind = 'swapped_working'
            )
        )
        OR EXISTS (
            SELECT 1 FROM deadlines_calendarday AS special
            WHERE special.date = (day.starts_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
              AND special.kind <> 'swapped_working'
        )
    )
"""


class Migration(migrations.Migration):
    dependencies = [
        ("deadlines", "0003_ladder"),
        ("receptions", "0011_told_and_stored"),
    ]

    operations = [
        migrations.RunSQL(LATE, migrations.RunSQL.noop),
        migrations.RunSQL(MEANT, migrations.RunSQL.noop),
    ]
