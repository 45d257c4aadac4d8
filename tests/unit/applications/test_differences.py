"""Two texts woven together: each comes out again whole."""

from hypothesis import given
from hypothesis import strategies as st

from portal.applications.differences import MOST_WORDS, Piece, Side, pieces_of

TEXT = st.text(alphabet="ab \n", max_size=40)


def test_a_changed_word_is_a_piece_of_each():
    assert pieces_of("zes maanden", "negen maanden") == [
        Piece(Side.FIRST, "zes"),
        Piece(Side.SECOND, "negen"),
        Piece(Side.BOTH, " maanden"),
    ]


def test_several_changed_words_in_a_row_are_one_piece():
    assert pieces_of("om de zes weken, samen", "elke eerste maandag, samen") == [
        Piece(Side.FIRST, "om de zes weken,"),
        Piece(Side.SECOND, "elke eerste maandag,"),
        Piece(Side.BOTH, " samen"),
    ]


@given(TEXT, TEXT)
def test_both_texts_come_out_whole(first, second):
    pieces = pieces_of(first, second)
    assert "".join(each.text for each in pieces if each.side is not Side.SECOND) == first
    assert "".join(each.text for each in pieces if each.side is not Side.FIRST) == second


def test_texts_that_are_too_long_to_compare_are_not():
    assert pieces_of("a " * MOST_WORDS, "b") is None
