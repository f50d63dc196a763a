"""The trees are those of RFC 6962."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.merkle import Tree, leaf_hash, node_hash, path_of, root_from_path

# Inputs and roots of the reference implementation's tests (certificate-transparency, merkletree).
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "60616263646566676869"]
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
}


def tree(leaves: list[bytes]) -> bytes:
    made = Tree()
    for leaf in leaves:
        made.add(leaf)
    return made.root


def recursive(leaves: list[bytes]) -> bytes:
    """The definition, word for word."""
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return node_hash(recursive(leaves[:half]), recursive(leaves[half:]))


@pytest.mark.parametrize("size", ROOTS)
def test_known_roots(size: int) -> None:
    leaves = [leaf_hash(bytes.fromhex(text)) for text in INPUTS[:size]]
    assert tree(leaves).hex() == ROOTS[size]


def test_the_empty_tree() -> None:
    assert Tree().root == hashlib.sha256(b"").digest()


@given(st.integers(1, 200), st.data())
def test_fed_leaf_by_leaf_it_is_the_defined_tree_and_every_leaf_is_proved(
    size: int, data: st.DataObject
) -> None:
    leaves = [leaf_hash(str(number).encode()) for number in range(size)]
    root = recursive(leaves)
    assert tree(leaves) == root
    index = data.draw(st.integers(0, size - 1))
    path = path_of(leaves, index)
    assert root_from_path(leaves[index], index, size, path) == root
    assert root_from_path(leaf_hash(b"other"), index, size, path) != root
    assert root_from_path(leaves[index], index, size, [*path, root]) != root
    if path:
        assert root_from_path(leaves[index], index, size, path[:-1]) != root
    assert root_from_path(leaves[index], size, size, path) is None
