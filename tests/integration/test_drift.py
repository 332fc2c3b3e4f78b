"""What an admin decides of what differs in ASP: ours back, or theirs kept."""

import pytest
from sqlalchemy import select
from sync_world import World, contact_id, crowd, session_id

from portal.asp.errors import CredentialsRejected
from portal.errors import Refused
from portal.models import Connection, Event, HistoryEntry, LinkKind, Mapping, RunRecord, db, now
from portal.operations.syncing.drift import (
    compare_with_asp,
    keep_theirs,
    list_kept_fields,
    put_ours_back,
    release_field,
)
from portal.operations.syncing.previewing import preview

TITLE = (str(LinkKind.SESSION), session_id(1), "Title")


@pytest.fixture
def event(world: World) -> Event:
    """Two sessions in ASP, the title of the first one changed there."""
    event = world.prepare(crowd(2))
    world.sync(event)
    world.edit("sessions", world.session(1)["Uuid"], Title="Theirs")
    return event


@pytest.fixture
def mapping(world: World, event: Event) -> Mapping:
    return world.mapping(event)


def retitle(world: World, title: str) -> Event:
    programme = crowd(2)
    programme["sessions"][0]["title"] = title
    return world.load(programme)


def test_what_differs_is_left_alone_until_somebody_decides(world: World, event: Event) -> None:
    assert world.writes_of(lambda: world.sync(event)) == 0
    assert world.session(1)["Title"] == "Theirs"


def test_ours_is_sent_again_by_the_next_sync(world: World, event: Event, mapping: Mapping) -> None:
    assert put_ours_back(mapping, [TITLE], "tester") == 1

    assert world.session(1)["Title"] == "Theirs"
    assert world.writes_of(lambda: world.sync(event)) == 1
    assert world.session(1)["Title"] == "Session 1"
    assert compare_with_asp(mapping).records == []


def test_all_of_ours_is_sent_again_at_once(world: World, event: Event, mapping: Mapping) -> None:
    world.edit("speakers", world.speaker(2)["Uuid"], LastName="Theirs")

    assert put_ours_back(mapping, None, "tester") == 2
    world.sync(event)

    assert (world.session(1)["Title"], world.speaker(2)["LastName"]) == ("Session 1", "Last2")


def test_what_was_put_right_meanwhile_is_not_put_back(world: World, mapping: Mapping) -> None:
    world.edit("sessions", world.session(1)["Uuid"], Title="Session 1")

    with pytest.raises(Refused, match="nothing else there any more"):
        put_ours_back(mapping, [TITLE], "tester")


def test_a_field_left_to_asp_is_not_written_until_it_is_released(world: World, mapping: Mapping) -> None:
    keep_theirs(mapping, [TITLE], "tester")
    keep_theirs(mapping, [TITLE], "tester")

    event = retitle(world, "Ours, changed")
    assert compare_with_asp(mapping).records == []
    assert world.writes_of(lambda: world.sync(event)) == 0
    assert world.session(1)["Title"] == "Theirs"

    (kept,) = list_kept_fields(mapping)
    release_field(mapping, kept, "tester")
    world.sync(event)
    assert world.session(1)["Title"] == "Ours, changed"


def test_other_fields_of_that_record_go_on(world: World, mapping: Mapping) -> None:
    keep_theirs(mapping, [TITLE], "tester")
    programme = crowd(2)
    programme["sessions"][0] |= {"title": "Ours", "client_session_id": "C99"}

    world.sync(world.load(programme))

    assert (world.session(1)["Title"], world.session(1)["ClientSessionId"]) == ("Theirs", "C99")


def test_nothing_of_a_record_that_is_not_in_asp_is_kept(world: World, mapping: Mapping) -> None:
    with pytest.raises(Refused, match="not in ASP"):
        keep_theirs(mapping, [("speaker", contact_id(9), "LastName")], "tester")


def test_g2_each_decision_is_in_the_history(world: World, mapping: Mapping) -> None:
    keep_theirs(mapping, [TITLE], "tester")
    release_field(mapping, list_kept_fields(mapping)[0], "tester")
    put_ours_back(mapping, [TITLE], "tester")

    texts = db.session.scalars(select(HistoryEntry.text).order_by(HistoryEntry.id.desc()).limit(3)).all()
    assert texts == [
        "Small Conf: 1 field that was changed in ASP is sent again.",
        "Small Conf: Title of Session 1 is synced again.",
        "Small Conf: Title of Session 1 is left to ASP.",
    ]


def test_rooms_are_shown_as_they_are_written_after_any_number_of_syncs(world: World) -> None:
    event = world.prepare(crowd(1))
    world.sync(event)
    world.sync(event)
    world.edit("sessions", world.session(1)["Uuid"], Location=None)

    (differs,) = compare_with_asp(world.mapping(event)).records

    assert differs.fields == {"Location": ("Room 1", None)}


def test_e7_a_run_names_the_fields_that_it_wrote(world: World, event: Event) -> None:
    run = world.sync(retitle(world, "Ours, changed"))

    changed = select(RunRecord.changed).where(RunRecord.run_id == run.id, RunRecord.outcome == "updated")
    assert db.session.scalars(changed).all() == [["Title"]]


def test_i3_a_speaker_who_was_moved_to_another_session_is_told_by_name(world: World) -> None:
    event = world.prepare(crowd(2))
    world.sync(event)
    first, second = (world.speaker(number)["Uuid"] for number in (1, 2))
    world.edit("sessions", world.session(1)["Uuid"], Speakers=[])
    world.edit("sessions", world.session(2)["Uuid"], Speakers=[second, first])

    differing = compare_with_asp(world.mapping(event)).records

    assert [(each.name, each.fields) for each in differing] == [
        ("Session 1", {"Speakers": (["First1 Last1"], [])}),
        ("Session 2", {"Speakers": (["First2 Last2"], ["First2 Last2", "First1 Last1"])}),
    ]


def test_i3_what_asp_writes_down_in_its_own_way_is_no_drift(world: World) -> None:
    programme = crowd(1)
    programme["sessions"][0] |= {
        "description": "<p>One<br>R&amp;D</p><p>“Two”</p>",
        "tags": [{"id": f"t{each}", "name": f"Tag {each}"} for each in (1, 2)],
    }
    event = world.prepare(programme)
    world.sync(event)
    session = world.session(1)
    world.edit(
        "sessions",
        session["Uuid"],
        Description="<p>One<br />R&#38;D</p>\r\n\r\n<p>&ldquo;Two&rdquo;</p>\r\n",
        Streams=session["Streams"][::-1],
    )

    assert compare_with_asp(world.mapping(event)).records == []


def test_a7_a_comparison_and_a_preview_note_a_rejected_key(
    world: World, event: Event, mapping: Mapping
) -> None:
    connection = db.session.query(Connection).one()
    world.asp.control(fail_rate=1, fail_status=401)

    with pytest.raises(CredentialsRejected):
        compare_with_asp(mapping)
    assert connection.rejected_at is not None

    connection.rejected_at = None
    db.session.commit()
    assert preview(mapping, now()).stop == "ASP Events did not accept this API key and secret."
    assert connection.rejected_at is not None
