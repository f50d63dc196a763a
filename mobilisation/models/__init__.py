"""Registers of mass mobilisation."""

from mobilisation.models.exemplar import (
    Exemplar,
    ExemplarEvent,
    ExemplarField,
    ExemplarPicture,
    Recognition,
)
from mobilisation.models.indices import IndexEvent, IndexYear

__all__ = [
    "Exemplar",
    "ExemplarEvent",
    "ExemplarField",
    "ExemplarPicture",
    "IndexEvent",
    "IndexYear",
    "Recognition",
]
