"""Issued papers of a case whose number and date a step of the workflow takes over, and what
became of them later.

The app that keeps papers lies above and says which there are (``source``): the workflow knows
nothing of kinds of papers, and a step whose paper was written elsewhere is given a typed number.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from petitions.models import Case
from petitions.workflow import Action


@dataclass(frozen=True)
class IssuedPaper:
    """``key`` finds the paper again, ``on`` is the Hà Nội date of its issue, ``signer_id`` the
    person who issued it."""

    key: str
    title: str
    number: str
    on: dt.date
    signer_id: int

    @property
    def label(self) -> str:
        return f"{self.number}, {self.on:%d/%m/%Y}, {self.title}"


Source = Callable[[Case, Action], list[IssuedPaper]]
Ending = Callable[[Case], dict[str, str]]
_sources: list[Source] = []
_endings: list[Ending] = []


def source(found: Source) -> Source:
    """Decorator: papers in force that fit a step and that no step of the case has taken yet, the
    newest first."""
    _sources.append(found)
    return found


def issued_for(case: Case, action: Action) -> list[IssuedPaper]:
    """What a step of this case may take its number from, the newest first."""
    return [paper for found in _sources for paper in found(case, action)]


def ending(found: Ending) -> Ending:
    """Decorator: by key, in words, the papers of a case that are void or were replaced."""
    _endings.append(found)
    return found


def ended_of(case: Case) -> dict[str, str]:
    """What became, by key, of papers of this case that are not in force any more."""
    return {key: words for found in _endings for key, words in found(case).items()}
