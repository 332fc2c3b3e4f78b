"""What the webhook's messages do to the programme (H1): at once, in any order, however often."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sync_world import World, contact_id, make_contact, make_session, on_it, session_id

from portal.models import Contact, Event, Participant, PulledEvent, Session, db
from portal.operations.sources.pulling import pull_programme
from portal.operations.sources.receiving import receive_message
from portal.operations.sources.wanting import forget_wish, list_wanted
from sessionboard_local.records import timestamp
from sessionboard_local.server import LocalSessionboard
from sessionboard_local.webhooks import make_message


@pytest.fixture
def event(pulling: World) -> Event:
    """An event that is pulled and mapped."""
    event = pull_programme(pulling.organisation, "4630", "tester").event
    pulling.connect()
    pulling.map(event)
    return event


def send(world: World, message: Any) -> bool:
    return receive_message(world.organisation.id, message)


def change(sessionboard: LocalSessionboard, kind: str, record_id: str, **values: Any) -> dict[str, Any]:
    """Change a record over there, and the message that tells it."""
    sessionboard.event(4630).change(f"{kind}s", record_id, **values)
    return make_message(sessionboard.event(4630), f"{kind}.updated", record_id)


def session(number: int) -> Session:
    db.session.rollback()
    return db.session.scalars(select(Session).where(Session.source_id == session_id(number))).one()


def waits(event: Event) -> tuple[bool, bool]:
    """Whether the event waits for a sync, and that one for a pull."""
    pulled = db.session.get_one(PulledEvent, event.id, populate_existing=True)
    return pulled.sync_wanted_at is not None, pulled.pull_wanted


def test_changed_session_is_stored_and_waits_for_a_sync(pulling, event, sessionboard):
    message = change(sessionboard, "session", session_id(3), title="Another title", participants=[on_it(4)])

    assert send(pulling, message) is True
    people = db.session.scalars(
        select(Contact.source_id).join(Participant).where(Participant.session_id == session(3).id)
    ).all()
    assert (session(3).title, people, waits(event)) == ("Another title", [contact_id(4)], (True, False))


def test_changed_person_and_new_records_are_stored(pulling, event, sessionboard):
    new = make_session(90, on_it(2))
    sessionboard.event(4630).change("sessions", new["id"], **new)
    sessionboard.event(4630).change("contacts", contact_id(90), **make_contact(90))
    for action, record_id in (("session.created", session_id(90)), ("contact.created", contact_id(90))):
        send(pulling, make_message(sessionboard.event(4630), action, record_id))
    send(pulling, change(sessionboard, "contact", contact_id(1), email="new@example.org"))

    emails = db.session.scalars(
        select(Contact.email).where(Contact.source_id.in_([contact_id(1), contact_id(90)]))
    )
    assert (session(90).title, set(emails)) == ("Session 90", {"new@example.org", "person90@example.org"})


def test_deleted_session_and_person_count_as_no_longer_accepted(pulling, event, sessionboard):
    for kind, record_id in (("session", session_id(3)), ("contact", contact_id(4))):
        sessionboard.event(4630).remove(f"{kind}s", record_id)
        send(pulling, make_message(sessionboard.event(4630), f"{kind}.deleted", record_id))

    people = select(func.count()).select_from(Participant).where(Participant.session_id == session(4).id)
    assert (session(3).status, db.session.scalar(people)) == ("deleted", 0)


def test_same_message_twice_changes_nothing_the_second_time(pulling, event, sessionboard):
    message = change(sessionboard, "session", session_id(3), title="Another title")

    assert (send(pulling, message), send(pulling, message)) == (True, False)


def test_message_that_comes_late_is_passed_over(pulling, event, sessionboard):
    first = change(sessionboard, "session", session_id(3), title="First")
    second = change(sessionboard, "session", session_id(3), title="Second")
    second["data"]["updated_at"] = second["metadata"]["datetime"] = timestamp(
        datetime.now(UTC) - timedelta(seconds=1)
    )
    first["data"]["updated_at"] = first["metadata"]["datetime"] = timestamp(
        datetime.now(UTC) - timedelta(seconds=9)
    )
    session(3).updated_at = None
    db.session.commit()

    assert (send(pulling, second), send(pulling, first)) == (True, False)
    assert session(3).title == "Second"


def test_late_change_does_not_bring_a_deleted_session_back(pulling, event, sessionboard):
    changed = change(sessionboard, "session", session_id(3), title="Another title")
    sessionboard.event(4630).remove("sessions", session_id(3))
    send(pulling, make_message(sessionboard.event(4630), "session.deleted", session_id(3)))

    assert (send(pulling, changed), session(3).status) == (False, "deleted")


def test_late_change_does_not_bring_back_what_a_pull_has_found_gone(pulling, event, sessionboard):
    changed = change(sessionboard, "session", session_id(3), title="Another title")
    sessionboard.event(4630).remove("sessions", session_id(3))
    pull_programme(pulling.organisation, "4630", None)

    assert (send(pulling, changed), session(3).status) == (False, "deleted")


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "text",
        {},
        {"data": {}, "metadata": {}},
        {"data": [], "metadata": {"action": "session.updated", "event_id": 4630}},
        {"data": {"id": session_id(3)}, "metadata": {"action": "task.created", "event_id": 4630}},
        {"data": {"id": session_id(3)}, "metadata": {"action": ["session.updated"], "event_id": 4630}},
        {"data": {"id": "3"}, "metadata": {"action": "session.updated", "event_id": 4630}},
        {
            "data": {"id": session_id(3), "title": "x"},
            "metadata": {"action": "session.updated", "event_id": 99},
        },
        {
            "data": {"id": session_id(3), "title": "x", "is_abstract": True},
            "metadata": {"action": "session.updated", "event_id": 4630},
        },
        {"data": {"id": session_id(3)}, "metadata": {"action": "session.updated", "event_id": "\ud800"}},
        {"data": {"id": session_id(3)}, "metadata": {"action": "session.deleted", "event_id": "463\0"}},
    ],
)
def test_what_is_not_understood_changes_nothing(pulling, event, body):
    assert (send(pulling, body), session(3).title, waits(event)) == (False, "Session 3", (False, False))


def test_i1_another_organisations_event_is_left_alone(pulling, event, sessionboard):
    other = pulling.add_organisation("two")
    message = change(sessionboard, "session", session_id(3), title="Another title")

    assert receive_message(other.id, message) is False
    assert session(3).title == "Session 3"


def test_part_of_a_record_leaves_the_rest(pulling, event):
    part = {"id": session_id(3), "title": "Another title"}

    send(pulling, {"data": part, "metadata": {"action": "session.updated", "event_id": 4630}})

    assert (session(3).title, session(3).status, session(3).client_session_id) == (
        "Another title",
        "accepted",
        "C3",
    )


def test_attached_speaker_is_pulled_where_the_message_does_not_say_enough(pulling, event):
    data = {"session_id": session_id(3), "contact_id": contact_id(5)}

    assert (
        send(pulling, {"data": data, "metadata": {"action": "session.speaker.attached", "event_id": 4630}})
        is True
    )
    assert waits(event) == (True, True)


def test_session_with_somebody_unknown_is_pulled(pulling, event):
    data = {"id": session_id(3), "participants": [{"contact_id": contact_id(99)}]}

    assert send(pulling, {"data": data, "metadata": {"action": "session.updated", "event_id": 4630}}) is True
    assert waits(event) == (True, True)


@pytest.mark.parametrize("setting", [{"prepare_only": True}, {"paused": True}])
def test_a6_event_that_is_not_synced_by_itself_waits_for_nobody(pulling, event, sessionboard, setting):
    mapping = pulling.mapping(event)
    for name, value in setting.items():
        setattr(mapping, name, value)
    db.session.commit()

    send(pulling, change(sessionboard, "session", session_id(3), title="Another title"))

    assert (session(3).title, waits(event), list_wanted()) == ("Another title", (False, False), [])


def test_event_without_a_mapping_is_kept_up_to_date_all_the_same(pulling, sessionboard):
    event = pull_programme(pulling.organisation, "4630", "tester").event

    send(pulling, change(sessionboard, "session", session_id(3), title="Another title"))

    assert (session(3).title, waits(event)) == ("Another title", (False, False))


def test_run_takes_what_was_received_until_it_began(pulling, event, sessionboard):
    send(pulling, change(sessionboard, "session", session_id(3), title="Another title"))

    pulling.sync(event)

    assert waits(event) == (False, False)
    assert "Another title" in {each["Title"] for each in pulling.records("sessions")}


def test_stale_answer_of_a_search_does_not_undo_what_was_sent(pulling, event, sessionboard):
    """A search may be three minutes old over there; the webhook is not."""
    there = sessionboard.event(4630)
    stale = {number: there.session(session_id(number)) for number in (3, 4)}
    send(pulling, change(sessionboard, "session", session_id(3), title="Another title"))
    there.remove("sessions", session_id(4))
    send(pulling, make_message(there, "session.deleted", session_id(4)))
    new = make_session(90, on_it(2))
    there.change("sessions", new["id"], **new)
    send(pulling, make_message(there, "session.created", session_id(90)))
    forget_wish(event.id)
    for number, record in stale.items():
        there.sessions[session_id(number)] = there._taken_apart(record)
    there.remove("sessions", session_id(90))

    pull_programme(pulling.organisation, "4630", None, full=True)

    assert (session(3).title, session(4).status, session(90).status) == (
        "Another title",
        "deleted",
        "accepted",
    )
