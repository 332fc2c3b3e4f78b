"""Every reason that a field can mend names that field (H3)."""

import pytest

from portal.sync.planning import reasons
from portal.sync.planning.mending import (
    field_to_mend,
    is_of_person,
    is_of_settings,
    is_planned,
    told_of_person,
)


@pytest.mark.parametrize(
    "reason, field",
    [
        ("Client Session ID is missing. Add it on the session, then sync again.", "client_session_id"),
        ("Starts At, Ends At and Client Session ID are missing. Add them on the session.", "starts_at"),
        ("Title is missing. Add it on the session, then sync again.", "title"),
        ("Not accepted (status: pending).", "status"),
        ("Its end is not after its start. Correct its times, then sync again.", "ends_at"),
        (reasons.CLOCKS_GO_BACK.words(end="02:10", start="02:50"), "starts_at"),
        (
            "It starts at 23:59 and ends on another day, which ASP cannot show. Correct its times.",
            "starts_at",
        ),
        ("The format “Title” is no session type of the seminar, so “Session” was used.", "format"),
        ("2 other sessions have the same Client Session ID, “A-1”. Each is synced.", "client_session_id"),
        ("Synced without Ada: Email is missing. Add it on the person, then sync again.", "people"),
        ("Description is sent without a frame, which cannot be sent to ASP.", "description"),
        ("Content is left out: “x” is no web address.", "files"),
        ("Moderators is left out: the seminar has no such field.", "people"),
        ("Chairpersons is left out: the seminar has no such field.", "people"),
        ("It was deleted in ASP by hand.", None),
    ],
)
def test_h3_a_session_s_reason_leads_to_its_field(reason: str, field: str | None) -> None:
    assert field_to_mend("session", reason) == field


@pytest.mark.parametrize(
    "reason, field",
    [
        ("Email is missing. Add it on the person, then sync again.", "email"),
        ("First Name and Last Name are missing. Add them on the person, then sync again.", "first_name"),
        ("Has the same e-mail address as Ada. Give each person an address of their own.", "email"),
        ("Another speaker of this ASP event has this e-mail address. Correct the address.", "email"),
        ("Headshot is left out: “x” is no web address.", "headshot"),
        ("Not an accepted participant of a session that is synced.", None),
    ],
)
def test_h3_a_person_s_reason_leads_to_its_field(reason: str, field: str | None) -> None:
    assert field_to_mend("speaker", reason) == field


def test_h3_what_no_field_mends_but_a_switch_leads_to_the_settings() -> None:
    deleted, role = reasons.DELETED_THERE.words(), reasons.ROLE_NOT_SENT.words(roles="moderator")

    assert [is_of_settings(each) for each in (deleted, role, "Title is missing.")] == [True, True, False]


def test_h3_what_is_told_of_a_person_is_of_the_person_with_that_whole_name() -> None:
    reason = reasons.WITHOUT_PERSON.words(name="Ada: Byron", why="Email is missing.")
    later = "Synced without Ada, who could not be synced."

    assert [is_of_person(each) for each in (reason, later, "Email is missing.")] == [True, True, False]
    assert told_of_person(reason, "Ada: Byron") == "Email is missing."
    assert told_of_person(later, "Ada") == "who could not be synced."
    assert (told_of_person(reason, "Ad"), told_of_person("Email is missing.", "Ada")) == (None, None)


@pytest.mark.parametrize(
    ("reason", "planned"),
    [
        ("Title is missing. Add it on the session, then sync again.", True),
        (reasons.CLOCKS_GO_BACK.words(end="02:10", start="02:50"), True),
        ("ASP refused it: Title: too long.", False),
        ("ASP failed each time (error 500) for this record; sync again later.", False),
    ],
)
def test_h3_a_reason_that_only_asp_can_give_is_not_planned(reason: str, planned: bool) -> None:
    assert is_planned(reason) is planned
