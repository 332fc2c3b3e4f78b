"""D2c: when two texts are the same, and when a text is empty."""

import unicodedata

import pytest

from portal.text.matching import fold, plain, trimmed

INVISIBLE = [
    "\u200b",  # zero-width space
    "\ufeff",  # BOM
    "\u00ad",  # soft hyphen
    "\u2060",  # word joiner
    "\u200c",
    "\u200d",
    "\u200e",  # left-to-right mark
    "\u202a",
    "\u202c",
    "\u2066",
    "\u2069",
    "\u061c",
    "\u034f",
    "\u115f",
    "\u3164",  # Hangul filler
    "\u180e",
    "\ufe0f",
    "\U000e0041",
    "\ufff9",
    "\u2800",  # empty Braille cell
    "\x00",
    "\x1f",
    "\x7f",
    "\x9f",
]


@pytest.mark.parametrize("invisible", INVISIBLE, ids=ascii)
def test_d2c_text_of_invisible_characters_alone_is_empty(invisible):
    assert trimmed(f" {invisible}\u00a0{invisible}\n") == ""
    assert plain(f" {invisible}\u00a0{invisible}\n") == ""
    assert fold(f" {invisible}\u00a0{invisible}\n") == ""


@pytest.mark.parametrize("invisible", INVISIBLE, ids=ascii)
def test_d2c_invisible_characters_make_no_other_name(invisible):
    assert fold(f"{invisible} Ha{invisible}ll\u00e9 A {invisible}") == "hall\u00e9 a"
    assert fold(f"{invisible} Ha{invisible}ll A {invisible}") == "hall a"


@pytest.mark.parametrize("invisible", INVISIBLE, ids=ascii)
def test_d2c_invisible_characters_are_trimmed_from_both_edges(invisible):
    assert trimmed(f"{invisible} {invisible}Hall A{invisible} {invisible}") == "Hall A"
    assert trimmed(f"{invisible} {invisible}Hall\u00e9 {invisible}") == "Hall\u00e9"


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cخواهم",  # Persian: without its joiner it would be misspelt
        "क्\u200dष",
        "👩\u200d🚀 in space",
        "soft\u00adhyphen",
        "a\u200bb\ufeffc",
        "two  spaces\tand\nlines",
        "e\u0301",  # not composed
    ],
)
def test_d16_inside_of_a_text_is_not_touched(text):
    assert trimmed(f" \ufeff{text}\u200b ") == text


@pytest.mark.parametrize("text", ["I ❤\ufe0f", "ه\u200d", "🏴\U000e0067\U000e0062\U000e007f", "葛\U000e0100"])
def test_d16_what_shapes_the_last_character_is_part_of_it(text):
    assert trimmed(f"{text} \u200b") == text


def test_d2c_composed_and_decomposed_are_the_same():
    name = "Café Ångström Việt"

    assert fold(unicodedata.normalize("NFD", name)) == fold(unicodedata.normalize("NFC", name))
    assert plain(unicodedata.normalize("NFD", name)) == name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Maße", "Masse"),
        ("k.groß@example.org", "k.gross@example.org"),
        ("ﬁnal", "final"),
        ("ſ", "s"),
        ("İ", "i"),
        ("Hall A", "Hall  A"),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e007f", "🏴\U000e0067\U000e0062\U000e0073\U000e007f"),
        ("①", "1"),
    ],
)
def test_d2c_only_simple_lower_case_makes_letters_the_same(one, other):
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("MASSE", "masse"), ("STRAẞE", "straße"), ("ΟΔΟΣ", "Οδος"), ("ÉCOLE", "e\u0301cole"), (" a\u00a0", "A")],
)
def test_d2c_upper_and_lower_case_are_the_same(one, other):
    assert fold(one) == fold(other)


def test_d2c_what_is_folded_stays_so():
    every = [chr(code) for code in range(0x30000) if not 0xD800 <= code < 0xE000]

    assert [each for each in every if fold(fold(f"a{each}b")) != fold(f"a{each}b")] == []
    assert [each for each in every if trimmed(trimmed(each)) != trimmed(each)] == []
    assert [each for each in every if bool(trimmed(each)) != bool(plain(each))] == []


def test_d2c_trimming_takes_time_that_grows_with_the_length_alone():
    assert trimmed("é" + " \u200b" * 200_000 + "é") == "é" + " \u200b" * 200_000 + "é"
