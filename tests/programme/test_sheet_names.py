"""H2: people are read in the ways that organisers write them, and from the columns beside their names."""

from typing import Any

import pytest
from sheet_samples import workbook

from portal.programme.spreadsheet.cells.names import read_person
from portal.programme.spreadsheet.cells.several import split_people
from portal.programme.spreadsheet.opening.reading import read_workbook
from portal.programme.spreadsheet.rows.drafting import read_draft
from portal.programme.spreadsheet.rows.drafts import Draft, Options


def read(*rows: list[object]) -> Draft:
    return read_draft(read_workbook(workbook(*rows)), Options(timezone="Europe/Berlin"))


def people(draft: Draft, *names: str) -> list[list[Any]]:
    return [[each.values.get(name) for name in names] for each in draft.people]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("LEE, Ann (CERN), STONE, Bob (DESY)", [("Ann", "LEE", "CERN"), ("Bob", "STONE", "DESY")]),
        ("Ann Lee (CEO, ACME), Bob Ray (MIT)", [("Ann", "Lee", "ACME"), ("Bob", "Ray", "MIT")]),
        ("Ann Lee (Salt & Pepper) and Bob Ray", [("Ann", "Lee", "Salt & Pepper"), ("Bob", "Ray", None)]),
        ("Ann Lee, ACME Inc., Bob Ray, MIT", [("Ann", "Lee", "ACME Inc."), ("Bob", "Ray", "MIT")]),
        ("LE GOFF Élodie, Paul Martin", [("Élodie", "LE GOFF", None), ("Paul", "Martin", None)]),
        ("Élodie LE GOFF", [("Élodie", "LE GOFF", None)]),
        ("Élodie Le Goff", [("Élodie", "Le Goff", None)]),
        ("Ann Lee, MD, PhD (ACME)", [("Ann", "Lee", "ACME")]),
        ("• Ann Lee\n• Bob Ray", [("Ann", "Lee", None), ("Bob", "Ray", None)]),
        ("Ann Lee [ACME] (she/her)", [("Ann", "Lee", "ACME")]),
        ("Ann Lee (she/her), ACME", [("Ann", "Lee", "ACME")]),
        ("Ann Lee, Siemens, Bob Ray, Bosch", [("Ann", "Lee", "Siemens"), ("Bob", "Ray", "Bosch")]),
        ("Ann Lee, CEO, Siemens, Bob Ray, CTO, Bosch", [("Ann", "Lee", "Siemens"), ("Bob", "Ray", "Bosch")]),
        ("Ann Lee, Head of Data at ACME", [("Ann", "Lee", "ACME")]),
        ("Ann Lee, Head of Data, Siemens", [("Ann", "Lee", "Siemens")]),
        ("Ann Lee\nCTO\nACME\nBob Ray\nProfessor, MIT", [("Ann", "Lee", "ACME"), ("Bob", "Ray", "MIT")]),
        ("Ann Lee, Jr., Bob Ray", [("Ann", "Lee Jr.", None), ("Bob", "Ray", None)]),
        ("Ann Lee + TBC", [("Ann", "Lee", None)]),
        ("Ann Lee • Bob Ray", [("Ann", "Lee", None), ("Bob", "Ray", None)]),
        ("山田 太郎（東京大学）、鈴木 一郎（NTT）", [("太郎", "山田", "東京大学"), ("一郎", "鈴木", "NTT")]),
        ("Lee, Ann and Ray, Bob", [("Ann", "Lee", None), ("Bob", "Ray", None)]),
        ("de la Cruz, Ann / Ray, Bob", [("Ann", "de la Cruz", None), ("Bob", "Ray", None)]),
        ("Ann Lee, Bob Ray, and Joe Fox", [("Ann", "Lee", None), ("Bob", "Ray", None), ("Joe", "Fox", None)]),
        ("Ann Lee - CTO ACME\nBob Ray - Head of Data, Bosch AG", [("Ann", "Lee", None), ("Bob", "Ray", "Bosch AG")]),
        ("Ann Lee @ Siemens", [("Ann", "Lee", "Siemens")]),
        ("Lee, Ann <a@example.org>", [("Ann", "Lee", None)]),
        ("Lee, Ann <a@example.org>, Ray, Bob <b@example.org>", [("Ann", "Lee", None), ("Bob", "Ray", None)]),
        ("Ann Lee, Bob Ray <b@example.org>", [("Ann", "Lee", None), ("Bob", "Ray", None)]),
        ("Ann Lee @ ACME & Bob Ray @ MIT", [("Ann", "Lee", "ACME"), ("Bob", "Ray", "MIT")]),
        ("Ann Lee from ACME and Bob Ray from MIT", [("Ann", "Lee", "ACME"), ("Bob", "Ray", "MIT")]),
        ("Ann Lee, Initech, Ltd.", [("Ann", "Lee", "Initech, Ltd.")]),
        ("Ann Lee, CTO (ACME); Bob Ray, Professor (MIT)", [("Ann", "Lee", "ACME"), ("Bob", "Ray", "MIT")]),
        ("Ann Lee | CTO | Globex", [("Ann", "Lee", "Globex")]),
        ("Ann Lee | Siemens AG | Head of Data", [("Ann", "Lee", "Siemens AG")]),
        ("Ann Lee*, Bob Ray²", [("Ann", "Lee", None), ("Bob", "Ray", None)]),
        ("Ann Lee1, Bob Ray (2), Joe Fox.", [("Ann", "Lee", None), ("Bob", "Ray", None), ("Joe", "Fox", None)]),
        ("Ann Lee, others", [("Ann", "Lee", None)]),
        ("Keynote: Ann Lee", [("Ann", "Lee", None)]),
        ("Host – Ann Lee", [("Ann", "Lee", None)]),
        ("鈴木 花子／佐藤 次郎", [("花子", "鈴木", None), ("次郎", "佐藤", None)]),
        ("د. أحمد علي", [("أحمد", "علي", None)]),
        ("Ann Lee (https://notion.so/ann-0123), Bob Ray", [("Ann", "Lee", None), ("Bob", "Ray", None)]),
        ("김철수, 이영희", [("김철수", None, None), ("이영희", None, None)]),
        ("mit Ann Lee und Bob Ray", [("Ann", "Lee", None), ("Bob", "Ray", None)]),
        ("J.R. Lee and others", [("J.R.", "Lee", None)]),
        ("Jane Roe MP", [("Jane", "Roe", None)]),
        ("João da Silva, Maria Souza e Pedro Alves", [("João", "da Silva", None), ("Maria", "Souza", None),
                                                      ("Pedro", "Alves", None)]),
    ],
)  # fmt: skip
def test_people_in_one_cell(text: str, names: list[tuple[str, str, str | None]]) -> None:
    found = [read_person(each) for each in split_people(text, None, lambda name: False)]

    assert [(each.first_name, each.last_name, each.company) for each in found] == names


@pytest.mark.parametrize(
    "text",
    [
        "Moderator: Ann Lee. Panel: Bob Ray, Joe Fox.",
        "Moderated by Ann Lee with Bob Ray and Joe Fox",
        "Ann Lee – Moderator; Bob Ray; Joe Fox",
    ],
)
def test_who_moderates_the_others_of_a_cell(text: str) -> None:
    found = [read_person(each) for each in split_people(text, None, lambda name: False)]

    assert [(each.name, each.role) for each in found] == [
        ("Ann Lee", "moderator"),
        ("Bob Ray", found[1].role),
        ("Joe Fox", found[2].role),
    ]
    assert {each.role for each in found[1:]} <= {None, "speaker"}


@pytest.mark.parametrize(
    "text", ["Moderator: TBC", "TBC (ACME)", "t.b.a.", "All", "Multiple speakers", "Name folgt", "Cancelled"]
)
def test_what_stands_for_nobody_yet_is_nobody(text: str) -> None:
    assert people(read(["Title", "Speakers"], ["One", text], ["Two", "Ann Lee"]), "last_name") == [["Lee"]]


@pytest.mark.parametrize("text", ["Müller J.", "J. Muller", "Müller Jörg", "Dr. Müller"])
def test_who_is_listed_among_the_people_is_known_by_a_shorter_name_which_is_said(text: str) -> None:
    listed = [["Last name", "First name", "Email"], ["Müller", "Jörg", "j@example.org"], ["Ray", "Bob", None]]
    content = workbook(["Title", "Speakers"], ["One", text], People=listed)
    draft = read_draft(read_workbook(content), Options(timezone="Europe/Berlin"))

    assert people(draft, "last_name") == [["Müller"], ["Ray"]]
    assert [each.message for each in draft.problems] == [
        "was taken for “Jörg Müller”, who is listed among the people"
    ]


def test_a_shorter_name_that_fits_two_who_are_listed_is_asked_about() -> None:
    listed = [["Name", "Email"], ["Ada Moor", "a@example.org"], ["Alan Moor", "b@example.org"]]
    content = workbook(["Title", "Speakers"], ["One", "A. Moor"], People=listed)
    draft = read_draft(read_workbook(content), Options(timezone="Europe/Berlin"))

    assert [(each.value, each.is_error) for each in draft.problems] == [("A. Moor", True)]


def test_a_title_of_people_whose_cells_are_honorifics_is_one() -> None:
    draft = read(
        ["Talk", "Speaker Title", "Speaker First Name", "Speaker Last Name"],
        ["A", "Prof. Dr.", "Ada", "Moor"],
    )

    assert people(draft, "honorific", "job_title") == [["Prof. Dr.", None]]


def test_a_full_stop_behind_an_address_makes_nobody_else() -> None:
    draft = read(
        ["Talk", "Speaker", "Email"], ["A", "Ada Moor", "a@example.org"], ["B", "Ada Moor", "A@Example.org."]
    )

    assert people(draft, "last_name", "email") == [["Moor", "a@example.org"]]


def test_ids_of_people_stand_between_commas_under_a_header_of_names() -> None:
    listed = [["Speaker ID", "Name"], ["S1", "Ada Moor"], ["S2", "Bob Ray"]]
    draft = read_draft(
        read_workbook(workbook(["Title", "Speaker"], ["One", "S1, S2"], ["Two", "S2"], Speakers=listed)),
        Options(timezone="Europe/Berlin"),
    )

    assert [[each.person and each.person.person_id for each in one.mentions] for one in draft.sessions] == [
        ["S1", "S2"],
        ["S2"],
    ]
    assert len(draft.people) == 2


def test_a_text_about_somebody_in_a_column_of_names_is_pointed_at() -> None:
    draft = read(["Title", "Speakers"], ["One", "Ada Moor is the CTO of ACME since 2020"])

    assert [each.message.partition(",")[0] for each in draft.problems] == ["was read as the name of somebody"]


def test_an_address_that_a_program_made_a_link_of_is_no_company() -> None:
    draft = read(["Title", "Speakers"], ["One", "Ann Lee [a@example.org](mailto:a@example.org)"])

    assert people(draft, "last_name", "email", "company_name") == [["Lee", "a@example.org", None]]


@pytest.mark.parametrize(
    "cells",
    [
        ["Ada Moor, Siemens AG", "Bob Ray"],
        ["Ada Moor, Siemens", "Cy Dee, Deutsche Bahn; Bob Ray, Bosch"],
        ["Ada Moor, Siemens", "Bob Ray, MIT"],
    ],
)
def test_the_column_tells_that_a_company_stands_behind_the_comma(cells: list[str]) -> None:
    draft = read(["Title", "Speakers"], *([f"Talk {cell}", cell] for cell in cells))

    assert people(draft, "first_name", "last_name", "company_name")[0] == [
        "Ada",
        "Moor",
        cells[0].partition(", ")[2],
    ]
    assert draft.problems == []


def test_where_several_stand_between_semicolons_a_comma_divides_nobody() -> None:
    draft = read(
        ["Title", "Speakers"], ["One", "Ada Moor, Siemens; Bob Ray, Bosch"], ["Two", "Cy Dee, Deutsche Bahn"]
    )

    assert people(draft, "last_name", "company_name") == [
        ["Moor", "Siemens"],
        ["Ray", "Bosch"],
        ["Dee", "Deutsche Bahn"],
    ]


def test_one_last_name_before_its_first_name_tells_the_others() -> None:
    draft = read(["Title", "Speakers"], ["One", "García Márquez, Gabriel"], ["Two", "Moor, Ada"])

    assert people(draft, "first_name", "last_name") == [["Gabriel", "García Márquez"], ["Ada", "Moor"]]
    assert draft.problems == []


def test_lists_of_whole_names_tell_that_people_stand_between_the_commas() -> None:
    cells = ["Ada Moor, Bob Ray, Cy Dee", "Eve Lin, Joe Fox, Kim Poe", "Evan Lee, Jos", "Jade, nex"]
    draft = read(["Title", "Speakers"], *([f"Talk {cell}", cell] for cell in cells))

    assert people(draft, "first_name", "last_name")[6:] == [
        ["Evan", "Lee"],
        ["Jos", None],
        ["Jade", None],
        ["nex", None],
    ]
    assert draft.problems == []


@pytest.mark.parametrize("name", ["1peter10", 'Ada "wowi42"'])
def test_a_name_keeps_its_digits_and_its_quotation_marks(name: str) -> None:
    assert read_person(name).name == name


def test_a_comma_of_which_nothing_tells_the_meaning_is_said() -> None:
    draft = read(["Title", "Speakers"], ["One", "Ada Moor, Siemens"])

    assert [each.message for each in draft.problems] == [
        "can be a last name before a first name, or a name before a company: it was read as “Siemens Ada Moor”"
    ]


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Moderation: Klaus Berg, Anna Schmidt", ["moderator", None]),
        ("Modera: Luis Pérez; Ana Torres", ["moderator", None]),
        ("Chair: Ann Lee | Speakers: Bob Ray, Cy Dee", ["chairperson", "speaker", None]),
    ],
)
def test_a_role_in_front_of_a_name(text: str, roles: list[str | None]) -> None:
    assert [read_person(each).role for each in split_people(text, None, lambda name: False)] == roles


@pytest.mark.parametrize(
    ("text", "honorific"),
    [
        ("Univ.-Prof. Dr.-Ing. habil. Ann Lee", "Univ.-Prof. Dr.-Ing. habil."),
        ("Dipl.-Ing. (FH) Ann Lee", "Dipl.-Ing. (FH)"),
        ("Prof. em. Dr. h.c. mult. Ann Lee", "Prof. em. Dr. h.c. mult."),
        ("Dr. med. Ann Lee", "Dr. med."),
        ("Mag.a Ann Lee, CSc.", "Mag.a"),
        ("H.E. Ann Lee", "H.E."),
        ("Prof.ª Ann Lee", "Prof.ª"),
    ],
)
def test_titles_in_front_of_a_name(text: str, honorific: str) -> None:
    found = read_person(text)

    assert (found.honorific, found.first_name, found.last_name) == (honorific, "Ann", "Lee")


@pytest.mark.parametrize("cell", ["Ann Lee (Chair), Bob Ray (MIT)", "Ann Lee, Bob Ray & Joe Fox"])
def test_no_person_is_taken_for_the_company_of_the_one_before(cell: str) -> None:
    draft = read(["Title", "Speakers"], ["A", "Cy Dee, Siemens; Di Poe, Bosch AG"], ["B", cell])

    assert ["Bob", "Ray"] in people(draft, "first_name", "last_name")
    assert ["Ann", "Lee"] in people(draft, "first_name", "last_name")


def test_one_comma_among_plain_names_is_said() -> None:
    cells = ["Ada Moor", "García Márquez, Gabriel", "Bob Ray"]
    draft = read(["Title", "Speakers"], *([f"Talk {cell}", cell] for cell in cells))

    assert [each.place.row for each in draft.problems] == [3]
    assert "can be a last name before a first name" in draft.problems[0].message


def test_m_is_a_title_where_ladies_have_one() -> None:
    draft = read(["Titre", "Intervenants"], ["Ouverture", "M. Jean Dupont et Mme Marie Curie"])

    assert people(draft, "honorific", "first_name") == [["M.", "Jean"], ["Mme", "Marie"]]


def test_columns_beside_a_name_tell_of_that_person() -> None:
    draft = read(
        ["Title", "Presenter", "Organisation", "Email", "Moderator", "Moderator Email"],
        ["Opening", "Lee, Ann", "ACME", "ann@example.org", "Bob Ray", "bob@example.org"],
    )

    assert people(draft, "first_name", "email", "company_name") == [
        ["Ann", "ann@example.org", "ACME"],
        ["Bob", "bob@example.org", None],
    ]


def test_columns_beside_several_names_are_divided_among_them() -> None:
    draft = read(
        ["Title", "Speakers", "Company", "Email"],
        ["Panel", "Ann Lee, Bob Ray", "ACME; MIT", "bob.ray@example.org"],
        ["Party", "Ann Lee, Bob Ray", "ACME", None],
        ["Break", None, "Catering Ltd", None],
    )

    assert people(draft, "first_name", "email", "company_name") == [
        ["Bob", "bob.ray@example.org", "MIT"],
        ["Ann", None, "ACME"],
    ]
    assert [(each.place.row, each.place.column, each.is_error) for each in draft.problems] == [
        (2, "Email", False),
        (3, "Company", False),
        (4, "Company", False),
    ]


def test_rows_that_only_name_somebody_belong_to_the_session_above() -> None:
    draft = read(
        ["Title", "Room", "Speaker"],
        ["Opening", "Hall", "Ann Lee"],
        [None, None, "Bob Ray"],
        ["Opening", "Hall", "Cy Dee"],
        ["Opening", "Lab", "Di Eng"],
    )

    assert [[mention.named.name for mention in each.mentions] for each in draft.sessions] == [
        ["Ann Lee", "Bob Ray", "Cy Dee"],
        ["Di Eng"],
    ]


@pytest.mark.parametrize(
    "text", ["Ann Lee (CTO, ACME)", "Ann Lee (ACME, CTO)", "Ann Lee – CTO at ACME", "Ann Lee (CTO @ ACME)"]
)
def test_a_job_and_a_company_behind_a_name(text: str) -> None:
    found = read_person(text)

    assert (found.name, found.job_title, found.company) == ("Ann Lee", "CTO", "ACME")


def test_a_file_of_people_says_that_sessions_stay() -> None:
    draft = read(
        ["Speaker Name", "Speaker Email", "Speaker Session(s)"],
        ["Ann Lee", "ann@example.org", "Kites (pending)"],
    )

    assert draft.problems == []
    assert draft.notes == ["The file lists people alone: who is on which session stays as it is."]


def test_people_are_told_by_ids_or_addresses_alone() -> None:
    listed = [["Speaker ID", "First", "Last"], ["S1", "Ann", "Lee"], ["S2", "Bo", "Ray"]]
    made = workbook(
        ["Title", "Room", "SpeakerIDs"], ["One", "A", "S1;S2"], ["Two", "A", "S3"], Speakers=listed
    )
    draft = read_draft(read_workbook(made), Options(timezone="UTC"))
    by_address = read(["Title", "Room", "Speaker Emails"], ["One", "A", "ann@example.org; bo@example.org"])

    assert [[mention.person_id for mention in each.mentions] for each in draft.sessions] == [["S1", "S2"], []]
    assert [(each.place.row, each.value) for each in draft.problems] == [(3, "S3")]
    assert people(by_address, "email") == [["ann@example.org"], ["bo@example.org"]]
