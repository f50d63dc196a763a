"""The database refuses what the workflow table forbids."""

from typing import Any

import pgtrigger
from django.db.models import Model

from petitions.workflow import moves

# Reported like a check constraint, so that ``common.db`` finds it by its name.
NAME = "case_status_follows_table"


class StatusFollowsTable(pgtrigger.Trigger):
    """Before a status changes: the table must know the move for the kind.

    The pairs stand in the function's text, which ``makemigrations`` compares: a row that changes
    in the table without a migration fails the checks.
    """

    when = pgtrigger.Before
    operation = pgtrigger.UpdateOf("status", "kind")  # type: ignore[no-untyped-call]
    condition = pgtrigger.Q(old__status__df=pgtrigger.F("new__status")) | pgtrigger.Q(
        old__kind__df=pgtrigger.F("new__kind")
    )

    def get_func(self, model: type[Model] | Any) -> str:
        allowed = ",\n".join(f"'{kind} {old} {new}'" for kind, old, new in moves())
        return f"""
            IF OLD.kind IS DISTINCT FROM NEW.kind
                OR NEW.kind || ' ' || OLD.status || ' ' || NEW.status NOT IN (
                {allowed}
                )
            THEN
                RAISE EXCEPTION 'a % cannot go from % to %', OLD.kind, OLD.status, NEW.status
                    USING ERRCODE = 'check_violation', CONSTRAINT = '{NAME}';
            END IF;
            RETURN NEW;
        """
