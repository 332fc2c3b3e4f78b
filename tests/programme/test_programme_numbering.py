"""Client Session IDs by a pattern (H3)."""

import pytest

from portal.programme.numbering import Pattern, numbered, parse_pattern, suggest


@pytest.mark.parametrize(
    "text, pattern",
    [
        ("CONF-{number:03}", Pattern("CONF-", 3, "")),
        (" {number} ", Pattern("", 1, "")),
        ("A{number:2}/27", Pattern("A", 2, "/27")),
        ("CONF", None),
        ("{number}-{number}", None),
        ("{numbr}", None),
        ("{number:x}", None),
        ("{{number}}", None),
    ],
)
def test_h3_a_pattern_has_the_number_once(text: str, pattern: Pattern | None) -> None:
    assert parse_pattern(text) == pattern


def test_h3_ids_that_are_taken_are_passed_over() -> None:
    pattern = Pattern("CONF-", 3, "")

    assert numbered(pattern, 9, 3, {"CONF-010"}) == ["CONF-009", "CONF-011", "CONF-012"]


@pytest.mark.parametrize(
    "existing, pattern, start",
    [
        ([], "{number:03}", 1),
        (["10001", "10078", "9"], "{number}", 10079),
        (["CONF-001", "CONF-017", "VIP"], "CONF-{number:03}", 18),
        (["A-1", "A-12", "B-3"], "A-{number}", 13),
        (["keynote"], "{number:03}", 1),
        (["P7D7ZS", "VHS897", "K2LM3A"], "{number:03}", 1),
    ],
)
def test_h3_the_pattern_of_the_others_is_proposed(existing: list[str], pattern: str, start: int) -> None:
    proposed, number = suggest(existing)

    assert (str(proposed), number) == (pattern, start)
    assert parse_pattern(str(proposed)) == proposed
