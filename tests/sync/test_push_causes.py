"""Why ASP itself may have failed on a record: said, and never mended by changing it."""

import pytest

from portal.asp.errors import AspError, NoAnswer, NotThere
from portal.sync.pushing.causes import reason_for

FAILED = NoAnswer("ASP failed.", arrived=False, status=500)


@pytest.mark.parametrize(
    "error", [NotThere("Not there."), NoAnswer("Timed out.", arrived=True)], ids=["404", "time-out"]
)
def test_what_is_no_error_of_asps_own_is_told_as_it_is(error: AspError) -> None:
    assert reason_for(error, {"Title": "😀"}) == str(error)


def test_characters_that_every_database_keeps_are_not_to_blame() -> None:
    assert reason_for(FAILED, {"Title": "Été \uffff", "Speakers": ["😀"], "Level": None}) == "ASP failed."


def test_characters_of_four_bytes_are_named_each_once_with_their_fields() -> None:
    reason = reason_for(FAILED, {"Title": "😀 and 🚀 and 😀", "Room": "Hall", "Description": "🎉🎈🎁🎂🍰🍾"})

    assert reason == (
        "ASP failed each time this was sent (error 500). The likely cause is a character that ASP’s database cannot "
        "keep: “😀”, “🚀” in Title, “🎉”, “🎈”, “🎁”, “🎂”, “🍰” in Description. Take it out, then sync again. "
        "The portal has changed nothing in the text."
    )
