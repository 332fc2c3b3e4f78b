"""H1: answers that the API's page allows are read as what they mean, however they are written."""

from typing import Any, cast

import pytest
from sync_world import contact_id, session_id

from portal.programme.content import ProgrammeContent, SessionContent
from portal.programme.reading import read_programme
from portal.programme.sources.errors import UnexpectedAnswer
from portal.programme.sources.sessionboard.client import SessionboardClient
from portal.programme.sources.sessionboard.shapes import in_shape_of_a_file
from portal.programme.sources.sessionboard.transport import Transport

FIELDS = [{"id": 9, "name": "Stage"}]
EVENT = {"id": 7, "name": "Conf", "timezone": "Europe/Paris"}
NULLS = dict.fromkeys(
    (
        "friendly_id", "title", "description", "status", "starts_at", "ends_at", "is_public", "is_abstract",
        "client_session_id", "custom_fields", "speakers", "chairpersons", "moderators", "participants", "content",
        "tags", "language", "track", "level", "format", "room", "subsessions", "updated_at", "admin_url",
    )
)  # fmt: skip


class Answers:
    """Stands in for the transport: one answer for each page."""

    def __init__(self, *pages: Any) -> None:
        self.pages = pages
        self.asked: list[int] = []

    def ask(self, method: str, path: str, params: dict[str, Any], body: Any = None) -> Any:
        self.asked.append(params["page"])
        return self.pages[min(params["page"], len(self.pages)) - 1]


def client(answers: Answers) -> SessionboardClient:
    return SessionboardClient(cast(Transport, answers))


def read(*sessions: dict[str, Any], people: list[dict[str, Any]] | None = None) -> ProgrammeContent:
    return read_programme(in_shape_of_a_file(EVENT, list(sessions), people or [], FIELDS))


def read_one(**values: Any) -> SessionContent:
    people = [{"id": contact_id(1), "first_name": "Ada", "last_name": "Moor", "email": None}]
    return read({"id": session_id(1), "status": "accepted", **values}, people=people).sessions[0]


def records(count: int, start: int = 0) -> list[dict[str, Any]]:
    return [{"id": str(number)} for number in range(start, start + count)]


def test_nulls_everywhere_are_a_session_that_is_not_decided() -> None:
    session = read({"id": session_id(1), **NULLS}).sessions[0]

    assert (session.status, session.title, session.participants, session.is_public) == (
        "pending",
        None,
        (),
        True,
    )


@pytest.mark.parametrize(
    "entry", [None, {"contact_id": None, "contact": None}, {"contact": {}, "status": "accepted"}]
)
def test_a_participant_without_a_contact_is_nobody(entry: Any) -> None:
    ada = {"contact_id": contact_id(1), "status": None, "participant_role": None, "sort_order": None}

    assert [each.contact_id for each in read_one(participants=[entry, ada]).participants] == [contact_id(1)]
    assert [each.contact_id for each in read_one(speakers=[None, {"id": contact_id(1)}]).participants] == [
        contact_id(1)
    ]


def test_a_participant_s_status_may_be_an_object_too() -> None:
    ada = {"contact_id": contact_id(1), "status": {"slug": "declined", "name": "Declined"}}

    assert [each.status for each in read_one(participants=[ada]).participants] == ["declined"]


@pytest.mark.parametrize(
    ("odd", "plain"),
    [
        ({"custom_fields": []}, {"custom_fields": None}),
        ({"custom_fields": ""}, {"custom_fields": None}),
        (
            {"custom_fields": [{"label": "Size", "value": 3}, {"id": 9, "value": "A"}]},
            {"custom_fields": {"Size": 3, "Stage": "A"}},
        ),
        ({"title": 2027}, {"title": "2027"}),
        ({"format": "Talk", "room": "", "track": []}, {"format": {"name": "Talk"}}),
        ({"tags": ["AI", None]}, {"tags": [{"name": "AI"}]}),
        ({"content": ["https://example.org/a"]}, {"content": [{"url": "https://example.org/a"}]}),
        ({"tags": {}, "content": ""}, {"tags": [], "content": []}),
        ({"participants": {}}, {"participants": None}),
        ({"is_public": 0}, {"is_public": False}),
        ({"is_public": "true"}, {"is_public": True}),
    ],
)  # fmt: skip
def test_odd_values_that_can_only_mean_one_thing_are_read_so(
    odd: dict[str, Any], plain: dict[str, Any]
) -> None:
    assert read_one(**odd) == read_one(**plain)


def test_odd_values_of_people_are_read_so_too() -> None:
    roles = [{"slug": "moderator"}, "moderator", "", []]
    entries = [{"contact_id": contact_id(1 + place), "participant_role": role, "sort_order": str(9 - place)}
               for place, role in enumerate(roles)]  # fmt: skip
    ada = {"first_name": "Ada", "phone_mobile": 441234, "custom_fields": []}
    people = [{"id": contact_id(1 + place), **ada} for place in range(4)]
    content = read({"id": session_id(1), "status": "accepted", "participants": entries}, people=people)

    assert [(each.contact_id, each.role) for each in content.sessions[0].participants] == [
        (contact_id(4), "speaker"),
        (contact_id(3), "speaker"),
        (contact_id(2), "moderator"),
        (contact_id(1), "moderator"),
    ]
    assert {(each.mobile_phone, tuple(each.custom_fields)) for each in content.contacts} == {("441234", ())}


def test_somebody_twice_in_one_role_takes_part_once() -> None:
    ada = {"contact_id": contact_id(1), "participant_role": {"core_role": "speaker"}, "status": "accepted"}

    assert len(read_one(participants=[ada, dict(ada)]).participants) == 1


@pytest.mark.parametrize(
    "text",
    ["2027-03-04T09:30:00Z", "2027-03-04T10:30:00+01:00", "2027-03-04T04:30:00.000-0500", "2027-03-04 09:30"],
)
def test_a_moment_in_each_of_its_spellings(text: str) -> None:
    begins = read_one(starts_at=text).starts_at

    assert begins is not None and begins.isoformat() == "2027-03-04T09:30:00+00:00"


def test_tags_may_have_no_colour_and_numbers_for_ids() -> None:
    tags = read_one(
        tags=[{"id": 5, "name": "AI", "color": None}, {"id": "6", "name": "Web", "color": "#F00"}, None]
    )

    assert [(each.source_id, each.name, each.colour) for each in tags.tags] == [
        ("5", "AI", None),
        ("6", "Web", "#ff0000"),
    ]


@pytest.mark.parametrize(
    "answer",
    [
        {"results": None, "data": records(2)},
        {"results": records(2), "data": None},
        {"results": [], "data": records(2)},
    ],
)
def test_either_envelope_may_stand_empty_beside_the_other(answer: dict[str, Any]) -> None:
    assert len(client(Answers(answer)).sessions("7")) == 2


def test_whole_numbers_of_the_pages_may_be_written_as_texts() -> None:
    told = {"totalPages": "2", "totalResults": "150"}
    answers = Answers(
        {"results": records(100), "pagination": told}, {"results": records(50, 100), "pagination": told}
    )

    assert len(client(answers).sessions("7")) == 150


def test_a_full_page_is_not_the_last_where_nobody_says_so() -> None:
    answers = Answers({"results": records(100)}, {"results": records(50, 100)})

    assert len(client(answers).sessions("7")) == 150


@pytest.mark.parametrize(
    "told",
    [
        {"pagination": {"pageSize": 40, "totalResults": 100}},
        {"pagination": {"pageSize": 40}},
        {"pagination": {"totalPages": 0, "pageSize": 40}},
    ],
)
def test_pages_may_hold_less_than_was_asked_for(told: dict[str, Any]) -> None:
    """H1: what stands on the pages after the first is not gone."""
    pages = [{"results": records(min(40, 100 - start), start), **told} for start in (0, 40, 80)]

    assert len(client(Answers(*pages)).sessions("7")) == 100


def test_pages_of_the_default_size_are_not_the_last_where_nobody_says_so() -> None:
    pages = [{"results": records(25)}, {"results": records(25, 25)}, {"results": records(3, 50)}]

    assert len(client(Answers(*pages)).sessions("7")) == 53


@pytest.mark.parametrize(
    "pages",
    {
        "a record slips onto the next page": [
            {"results": records(100)},
            {"results": [{"id": "99"}, *records(49, 101)]},
        ],
        "an empty page where records should be": [
            {"results": records(100), "pagination": {"totalPages": 2}},
            {"results": [], "pagination": {"totalPages": 2}},
        ],
        "the first page for the second": [{"results": records(100), "pagination": {"totalPages": 9}}],
        "fewer than are counted": [
            {"results": records(90), "pagination": {"totalPages": 1, "totalResults": 95}}
        ],
    }.values(),
)
def test_h1_a_list_of_which_something_may_be_missing_is_refused(pages: list[dict[str, Any]]) -> None:
    with pytest.raises(UnexpectedAnswer, match=r"contradict each other.*Try again"):
        client(Answers(*pages)).sessions("7")


def test_an_empty_page_after_one_that_was_not_full_is_the_end() -> None:
    told = {"totalPages": 1_000_000}
    answers = Answers({"results": records(60), "pagination": told}, {"results": [], "pagination": told})

    assert len(client(answers).sessions("7")) == 60


def test_a_record_that_is_listed_twice_each_time_is_one() -> None:
    told = {"totalPages": 2, "totalResults": 103}
    twice = Answers(
        {"results": records(100), "pagination": told}, {"results": records(3, 99), "pagination": told}
    )

    found = client(twice).sessions("7")

    assert (len(found), found.total) == (102, 103)


def test_records_without_an_id_are_as_many_as_they_are() -> None:
    nameless = [{"id": None}, {"id": None}, {}]

    assert len(client(Answers({"results": nameless, "pagination": {"totalResults": 3}})).sessions("7")) == 3


def test_a_list_that_comes_as_it_is_is_whole() -> None:
    answers = Answers(records(150))

    assert len(client(answers).list_of("7", "tags")) == 150 and answers.asked == [1]


def test_the_same_page_again_and_again_ends() -> None:
    answers = Answers({"results": records(100)})

    assert len(client(answers).sessions("7")) == 100 and answers.asked == [1, 2]
