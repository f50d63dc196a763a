"""Plain text as blocks: nothing else than the three signs has a meaning."""

from hypothesis import given
from hypothesis import strategies as st

from papers.notation import COLUMNS_MAX, articles_split, blocks_of


def test_paragraphs_lists_and_tables() -> None:
    text = "Một\nhai\n\n- a\n- b\n| Cột | Hai |\n| 1 |\nBa"
    assert blocks_of(text) == [
        {"kind": "paragraph", "lines": ["Một", "hai"]},
        {"kind": "list", "entries": ["a", "b"]},
        {"kind": "table", "rows": [["Cột", "Hai"], ["1", ""]]},
        {"kind": "paragraph", "lines": ["Ba"]},
    ]


def test_what_only_looks_like_a_sign_is_text() -> None:
    assert blocks_of("-không\n|nửa\n|")[0]["kind"] == "paragraph"
    assert blocks_of("| a \\| b |")[0]["rows"] == [["a | b"]]
    assert blocks_of("") == []


def test_columns_have_an_end() -> None:
    (table,) = blocks_of("|" + "a|" * 40)
    assert len(table["rows"][0]) == COLUMNS_MAX
    assert table["rows"][0][-1].count("a") == 40 - COLUMNS_MAX + 1


@given(st.text(alphabet="ab|-\\ \n\r\t", max_size=200))
def test_no_word_is_lost(text: str) -> None:
    shown = str(blocks_of(text))
    assert all(shown.count(letter) >= text.count(letter) for letter in "ab")


def test_articles_begin_with_the_first_one() -> None:
    before, articles = articles_split(
        blocks_of("I. A\nĐiều 10. Luật\n\n- b\n\nII. C\nĐiều 1. D\nE\n\nF")
    )
    assert [block.get("lines", block.get("entries")) for block in before] == [
        ["I. A", "Điều 10. Luật"], ["b"], ["II. C"],
    ]  # fmt: skip
    assert [block["lines"] for block in articles] == [["Điều 1. D", "E"], ["F"]]
    assert articles_split(blocks_of("A\n\nB"))[1] == []
