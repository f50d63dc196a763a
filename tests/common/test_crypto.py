"""Sealed boxes."""

import pytest
from cryptography.exceptions import InvalidTag
from django.test import override_settings

from common.crypto import seal, unseal

DATA = {"full_name": "Vũ Thị Thử Nghiệm"}


def test_a_box_opens_with_its_key_and_place_only() -> None:
    version, box = seal(DATA, context="party:1")
    assert unseal(version, box, context="party:1") == DATA
    with pytest.raises(InvalidTag):
        unseal(version, box, context="party:2")
    with pytest.raises(InvalidTag):
        unseal(version, box[:-1] + bytes([box[-1] ^ 1]), context="party:1")


def test_old_boxes_open_after_a_new_key() -> None:
    with override_settings(IDENTITY_KEYS={1: b"1" * 32}):
        version, box = seal(DATA, context="x")
    with override_settings(IDENTITY_KEYS={1: b"1" * 32, 7: b"7" * 32}):
        assert unseal(version, box, context="x") == DATA
        assert seal(DATA, context="x")[0] == 7


def test_the_same_data_gives_different_boxes() -> None:
    assert seal(DATA, context="x")[1] != seal(DATA, context="x")[1]
