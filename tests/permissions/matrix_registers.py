"""Rows of the permission matrix: registers of a unit and batches of them."""

from tests.permissions.rows import Row

# Registers name people: whoever belongs to a unit that keeps one reads it there.
NO_UNIT = dict.fromkeys(("front", "party", "admin"), 404)
NO_CASES = NO_UNIT | {"bodies": 404}
OWNER = {"clerk": 200}

REGISTERS: dict[str, Row] = {
    "registers:home": Row(signed_in=200, but=NO_UNIT),
    "registers:book": Row(signed_in=200, but=NO_CASES, args=("tiep-nhan-don",)),
    "registers:book_file": Row(
        signed_in=200,
        but=NO_CASES,
        args=("tiep-nhan-don",),
        method="POST",
        data={"format": "xlsx"},
    ),
    "registers:prints": Row(signed_in=200, but=NO_UNIT),
    "registers:batches": Row(signed_in=200, but=NO_UNIT),
    "registers:batch": Row(but=OWNER, args=("batch",)),
    "registers:batch_file": Row(but=OWNER, args=("batch", "1"), method="POST"),
    "api:register-rows": Row(signed_in=200, anonymous=401, but=NO_CASES, args=("letters",)),
    "api:reception-register-rows": Row(
        signed_in=200, anonymous=401, but=NO_UNIT, args=("reception-conclusions",)
    ),
}
