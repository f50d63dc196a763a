from django.test import override_settings

from common.blind import blind_index


def test_equal_values_of_one_kind_meet_and_nothing_else_does() -> None:
    index = blind_index("phone", "0912345678")
    assert index == blind_index("phone", "0912345678")
    others = {blind_index("id_number", "0912345678"), blind_index("phone", "0912345679")}
    assert index not in others
    assert len(index) == 32
    with override_settings(BLIND_INDEX_KEY=b"o" * 32):
        assert blind_index("phone", "0912345678") != index
