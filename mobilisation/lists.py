"""Declared lists as data (``data/*.csv``): parties of coordination programmes, kinds of rules on
grassroots democracy, topics of opinion reports. Rows keep the codes; a code is never taken away.

``is_verified`` no: the chapter of the law was not held against its text, and officers are told so.
``is_expected``: every ward and commune has one; of the other kinds only where there is reason.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from common.reference import csv_rows

DATA = Path(__file__).resolve().parent / "data"
_YES = {"yes": True, "no": False}


class RuleKind(NamedTuple):
    """A kind of rules; names and basis in Vietnamese, as printed."""

    code: str
    name: str
    short: str
    basis: str
    is_verified: bool
    is_expected: bool


@cache
def parties() -> Mapping[str, str]:
    """Names of parties by code, in the order of the file."""
    return _names("parties.csv")


@cache
def topics() -> Mapping[str, str]:
    """Names of topics by code, in the order of the file."""
    return _names("opinion_topics.csv")


@cache
def rule_kinds() -> Mapping[str, RuleKind]:
    """Kinds of rules by code, in the order of the file."""
    rows = [
        RuleKind(
            raw["code"],
            raw["name_vi"],
            raw["short_vi"],
            raw["basis_vi"],
            _YES[raw["verified"]],
            _YES[raw["expected"]],
        )
        for raw in csv_rows(DATA / "rule_kinds.csv")
    ]
    return {row.code: row for row in rows}


def _names(file: str) -> Mapping[str, str]:
    return {raw["code"]: raw["name_vi"] for raw in csv_rows(DATA / file)}


def topic_or_first(code: str) -> str:
    """A topic of the list: the one that was asked for, else the first."""
    return code if code in topics() else next(iter(topics()))
