"""Two who edit one record at once: what is written, what is taken over, what is asked about (H3)."""

from portal.programme.drafts import marks_of, merge_drafts

OPENED = {"title": "A", "room": "1", "tags": ["1", "2"]}
SEEN = marks_of(OPENED)


def test_h3_only_what_was_changed_is_written() -> None:
    merged = merge_drafts(SEEN, {**OPENED, "title": "B"}, OPENED)

    assert (merged.changed, merged.taken, merged.both) == ({"title": "B"}, frozenset(), frozenset())


def test_h3_what_only_the_other_one_changed_is_taken_over() -> None:
    merged = merge_drafts(SEEN, {**OPENED, "title": "B"}, {**OPENED, "room": "2"})

    assert (merged.changed, merged.taken, merged.both) == ({"title": "B"}, {"room"}, frozenset())


def test_h3_what_both_changed_is_asked_about() -> None:
    merged = merge_drafts(SEEN, {**OPENED, "tags": ["1"]}, {**OPENED, "tags": ["2"]})

    assert (merged.changed, merged.both) == ({}, {"tags"})


def test_h3_both_to_the_same_value_is_no_question() -> None:
    merged = merge_drafts(SEEN, {**OPENED, "title": "B"}, {**OPENED, "title": "B"})

    assert (merged.changed, merged.taken, merged.both) == ({}, frozenset(), frozenset())


def test_h3_the_answer_counts_for_what_was_shown_with_it() -> None:
    stored = {**OPENED, "title": "C"}
    asked = marks_of(stored)

    assert merge_drafts(asked, {**OPENED, "title": "B"}, stored).changed == {"title": "B"}
    assert merge_drafts(asked, {**OPENED, "title": "B"}, stored, theirs={"title"}).changed == {}
    assert merge_drafts(asked, {**OPENED, "title": "B"}, {**OPENED, "title": "D"}).both == {"title"}


def test_h3_true_is_not_one() -> None:
    assert merge_drafts(marks_of({"x": 1}), {"x": True}, {"x": 1}).changed == {"x": True}
