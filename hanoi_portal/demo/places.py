"""A place of the demo data: just enough of a unit to write letters about it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A ward or commune: official code, full name ("Phường Ba Đình") and people living there."""

    code: str
    full_name: str
    population: int

    @property
    def is_ward(self) -> bool:
        return self.full_name.startswith("Phường")

    @property
    def label(self) -> str:
        """The name inside a sentence: "phường Ba Đình"."""
        return self.full_name[:1].lower() + self.full_name[1:]
