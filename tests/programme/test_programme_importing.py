"""Importing a file: the transaction, the history, the confirmation of a new timezone, and its time."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from programme_samples import DEMO, SESSION, contact_entry, programme_of, session_entry, write
from sqlalchemy import func, select

from portal.errors import InvalidFile, Refused
from portal.models import Contact, Event, HistoryEntry, Link, Mapping, Organisation, Session, db
from portal.operations.files.importing import import_programme
from portal.programme.tallying import Tally

ACTOR = "ada@example.org"
SITE, OTHER_SITE = "site-1", "site-2"


@pytest.fixture(autouse=True)
def new_year(monkeypatch):
    """The sessions of the samples lie ahead."""
    monkeypatch.setattr("portal.operations.editing.timezones.now", lambda: datetime(2027, 1, 1, tzinfo=UTC))


def run_import(organisation, folder, *sessions, confirm_timezone=False, **event):
    path = write(folder, programme_of(*sessions, contacts=[contact_entry()], **event))
    return import_programme(organisation, path, ACTOR, confirm_timezone)


def add_link(organisation, number: int = 1, kind: str = "session", site: str = SITE) -> None:
    link = Link(
        organisation_id=organisation.id,
        site_uuid=site,
        seminar_uuid="seminar",
        kind=kind,
        key=SESSION.format(number),
        asp_uuid="asp",
        pushed_hash="hash",
    )
    db.session.add(link)
    db.session.commit()


def add_mapping(event: Event, site: str = SITE) -> None:
    mapping = Mapping(
        organisation_id=event.organisation_id,
        event_id=event.id,
        site_uuid=site,
        site_name="Site",
        seminar_uuid="seminar",
        seminar_number="1",
        seminar_name="Seminar",
        created_by=ACTOR,
    )
    db.session.add(mapping)
    db.session.commit()


def history() -> list[str]:
    return list(db.session.scalars(select(HistoryEntry.text).order_by(HistoryEntry.id)))


def test_import_programme_stores_and_writes_history(organisation):
    stored = import_programme(organisation, DEMO / "pyconfr-2025.json", ACTOR)

    assert (stored.sessions, stored.contacts) == (Tally(created=75), Tally(created=81))
    entry = db.session.scalars(select(HistoryEntry)).one()
    assert (entry.organisation_id, entry.event_id, entry.actor, entry.kind) == (
        organisation.id,
        stored.event.id,
        ACTOR,
        "imported",
    )
    assert entry.text == "Imported PyConFR 2025: 75 sessions (75 new) and 81 people (81 new)."


def test_import_programme_is_committed(organisation, tmp_path):
    run_import(organisation, tmp_path, session_entry())
    db.session.rollback()

    assert history() == ["Imported Small Conf: 1 session (1 new) and 1 person (1 new)."]
    assert db.session.scalar(select(func.count()).select_from(Session)) == 1


def test_import_programme_stores_nothing_of_a_file_with_a_problem(organisation, tmp_path):
    with pytest.raises(InvalidFile) as caught:
        run_import(organisation, tmp_path, session_entry(1), session_entry(2, starts_at="tomorrow"))

    assert caught.value.problems == [
        "sessions[1].starts_at: “tomorrow” is not a date and time (ISO 8601, of the years 1970 to 2200)"
        " – in “Session 2”"
    ]
    assert db.session.scalars(select(Event)).all() == []
    assert history() == []


def test_import_programme_is_all_or_nothing(organisation, tmp_path, app):
    # The database itself refuses the second session, after the event and its people were written.
    before = "CREATE TRIGGER no_room BEFORE INSERT ON session"
    if db.engine.dialect.name == "sqlite":
        trigger = f"{before} WHEN NEW.title = 'Session 2' BEGIN SELECT RAISE(ABORT, 'disk full'); END"
    else:
        trigger = (
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'disk full'; END $$;"
            f"{before} FOR EACH ROW WHEN (NEW.title = 'Session 2') EXECUTE FUNCTION refuse()"
        )
    db.session.connection().exec_driver_sql(trigger)
    db.session.commit()

    with pytest.raises(Exception, match="disk full"):
        run_import(organisation, tmp_path, session_entry(1), session_entry(2))

    counts = [db.session.scalar(select(func.count()).select_from(each)) for each in (Event, Contact, Session)]
    assert counts == [0, 0, 0]
    assert history() == []
    assert run_import(organisation, tmp_path, session_entry(1)).sessions == Tally(created=1)


def test_import_programme_obeys_the_size_limit(organisation, tmp_path):
    path = tmp_path / "large.json"
    with path.open("wb") as file:
        file.truncate(10_000_001)

    with pytest.raises(InvalidFile, match="at most 10,000,000 are allowed"):
        import_programme(organisation, path, ACTOR)


def test_a_new_timezone_needs_no_confirmation_before_the_first_sync(organisation, tmp_path):
    run_import(organisation, tmp_path, session_entry())

    stored = run_import(organisation, tmp_path, session_entry(), timezone="America/New_York")

    assert stored.event.timezone == "America/New_York"
    assert history()[-1] == (
        "Imported Small Conf: 1 session (nothing new) and 1 person (nothing new)."
        " Its timezone changed from Europe/Paris to America/New_York."
    )


@pytest.mark.parametrize("mapped", [True, False])
def test_a_new_timezone_of_a_synced_event_needs_a_confirmation(organisation, tmp_path, mapped):
    sessions = [session_entry(1), session_entry(2), session_entry(3)]
    event = run_import(organisation, tmp_path, *sessions).event
    if mapped:
        add_mapping(event)
    add_link(organisation, 1)
    add_link(organisation, 2)

    with pytest.raises(Refused) as caught:
        run_import(organisation, tmp_path, *sessions, timezone="America/New_York", name="Renamed")

    # D18
    assert caught.value.field == "confirm_timezone"
    assert str(caught.value) == (
        "The timezone of Small Conf would change from Europe/Paris to America/New_York. The sessions"
        " stay at the same moments, their times by the clock change: 2 of 2 synced sessions would show other times"
        " after the next sync. If that is meant, confirm it."
    )
    assert (event.name, event.timezone) == ("Small Conf", "Europe/Paris")
    assert len(history()) == 1


def test_a_new_timezone_is_stored_once_it_is_confirmed(organisation, tmp_path):
    run_import(organisation, tmp_path, session_entry())
    add_link(organisation)

    stored = run_import(
        organisation, tmp_path, session_entry(), timezone="America/New_York", confirm_timezone=True
    )

    assert stored.event.timezone == "America/New_York"
    start = db.session.scalars(select(Session.starts_at)).one()
    assert start == datetime(2027, 10, 30, 9, 30, tzinfo=UTC)
    assert stored.sessions == Tally(unchanged=1)


def test_the_confirmation_says_how_many_sessions_move(organisation, tmp_path):
    winter = {"starts_at": "2027-01-30T09:00:00Z", "ends_at": "2027-01-30T10:00:00Z"}
    sessions = [session_entry(1), session_entry(2, **winter)]
    run_import(organisation, tmp_path, *sessions)
    add_link(organisation, 1)
    add_link(organisation, 2)

    # Algiers has Paris's winter time all year.
    with pytest.raises(Refused, match="change: 1 of 2 synced sessions would"):
        run_import(organisation, tmp_path, *sessions, timezone="Africa/Algiers")


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ({"status": "declined"}, "at the same moments, their times by the clock change: 1 of 2 synced"),
        (
            {"starts_at": "2026-10-30T09:30:00Z", "ends_at": "2026-10-30T10:00:00Z"},  # has ended
            "come in changed as well. By the clock, 1 of 2 synced",
        ),
        (
            {"starts_at": "2027-10-30T08:30:00Z", "ends_at": "2027-10-30T09:00:00Z"},  # the same by the clock
            "come in changed as well. By the clock, 1 of 2 synced",
        ),
        ({"starts_at": None}, "come in changed as well. By the clock, 1 of 2 synced"),
    ],
)
def test_d18_what_the_file_itself_changes_counts_in_the_question(organisation, tmp_path, file, told):
    run_import(organisation, tmp_path, session_entry(1), session_entry(2))
    add_link(organisation, 1)
    add_link(organisation, 2)

    with pytest.raises(Refused, match=told):
        run_import(
            organisation, tmp_path, session_entry(1, **file), session_entry(2), timezone="Europe/Athens"
        )


def test_links_of_speakers_and_of_other_organisations_do_not_count(
    organisation, other_organisation, tmp_path
):
    run_import(organisation, tmp_path, session_entry())
    add_link(organisation, kind="speaker")
    add_link(other_organisation)

    stored = run_import(organisation, tmp_path, session_entry(), timezone="America/New_York")

    assert stored.event.timezone == "America/New_York"


@pytest.mark.parametrize("mapped", [True, False])
def test_links_of_another_event_with_the_same_uuids_do_not_count(organisation, tmp_path, mapped):
    this = run_import(organisation, tmp_path, session_entry()).event
    other = run_import(organisation, tmp_path, session_entry(), id=8).event
    add_mapping(other, OTHER_SITE)
    add_link(organisation, site=OTHER_SITE)
    if mapped:
        add_mapping(this, SITE)

    stored = run_import(organisation, tmp_path, session_entry(), timezone="America/New_York")

    assert stored.event.timezone == "America/New_York"


def test_two_imports_at_once_take_turns(organisation, app):
    def run(_number: int) -> Tally:
        with app.app_context():
            own = db.session.get_one(Organisation, identifier)
            return import_programme(own, DEMO / "pyconfr-2025.json", ACTOR).sessions

    identifier = organisation.id
    with ThreadPoolExecutor(4) as pool:
        tallies = sorted(pool.map(run, range(4)), key=lambda tally: tally.created)

    assert tallies == [*[Tally(unchanged=75)] * 3, Tally(created=75)]


def test_a_large_conference_is_imported_in_seconds(organisation):
    # The bound is generous for a slow machine; about half a second is usual.
    path = DEMO / "fosdem-2026.json"
    began = time.process_time()
    first = import_programme(organisation, path, ACTOR)
    between = time.process_time()
    second = import_programme(organisation, path, ACTOR)
    ended = time.process_time()

    assert (first.sessions, first.contacts) == (Tally(created=1079), Tally(created=1216))
    assert (second.sessions, second.contacts) == (Tally(unchanged=1079), Tally(unchanged=1216))
    assert between - began < 5
    assert ended - between < 5
