"""H2: what a column tells of somebody comes to them, and to nobody else."""

import pytest

from portal.programme.spreadsheet.opening.reading import read_workbook
from portal.programme.spreadsheet.rows.drafting import read_draft
from portal.programme.spreadsheet.rows.drafts import Mention, Options


def people(header: str, *cells: str) -> list[str]:
    """Everybody of one session, as “role: name, what is told of them”."""
    text = f"Title,Start,{header}\n" + f"Talk,2027-03-11 09:00,{','.join(cells)}\n"
    draft = read_draft(read_workbook(text.encode()), Options(timezone="UTC"))
    assert draft.problems == []
    return [_told(each) for each in draft.sessions[0].mentions]


def _told(mention: Mention) -> str:
    values = mention.person.values if mention.person else {}
    about = [values.get("email"), values.get("company_name")]
    name = f"{mention.named.first_name} {mention.named.last_name}"
    return f"{mention.role}: " + ", ".join([name, *(each for each in about if each)])


@pytest.mark.parametrize(
    "header",
    [
        "Speaker,Email,Speaker,Email",
        "Speaker Name,Speaker Email,Speaker Name,Speaker Email",
        "Name,Email,Name,Email",
    ],
)
def test_a_header_that_comes_again_is_of_the_next_person(header: str) -> None:
    assert people(header, "Ada Moor", "a@example.org", "Bob Ray", "b@example.org") == [
        "speaker: Ada Moor, a@example.org",
        "speaker: Bob Ray, b@example.org",
    ]


def test_halves_of_names_may_come_again_too() -> None:
    header = "First Name,Last Name,Email,First Name,Last Name,Email"

    assert people(header, "Ada", "Moor", "a@example.org", "Bob", "Ray", "") == [
        "speaker: Ada Moor, a@example.org",
        "speaker: Bob Ray",
    ]


def test_names_may_stand_before_what_is_told_of_them() -> None:
    header = "Speaker,Speaker,Email,Email"

    assert people(header, "Ada Moor", "Bob Ray", "a@example.org", "b@example.org") == [
        "speaker: Ada Moor, a@example.org",
        "speaker: Bob Ray, b@example.org",
    ]


def test_each_role_has_the_columns_that_follow_it() -> None:
    header = "Moderator,Company,Speaker,Company"

    assert people(header, "Eve Lin", "ACME", "Ada Moor", "MIT") == [
        "moderator: Eve Lin, ACME",
        "speaker: Ada Moor, MIT",
    ]


def test_an_address_behind_the_moderator_is_not_the_speaker_s() -> None:
    assert people("Moderator,Email,Speaker", "Eve Lin", "e@example.org", "Ada Moor") == [
        "moderator: Eve Lin, e@example.org",
        "speaker: Ada Moor",
    ]


def test_one_address_beside_several_columns_of_speakers_is_nobody_s() -> None:
    assert people("Speaker,Speaker,Email", "Ada Moor", "Bob Ray", "a@example.org") == [
        "speaker: Ada Moor",
        "speaker: Bob Ray",
    ]
