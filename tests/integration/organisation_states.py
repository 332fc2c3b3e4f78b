"""An organisation, its programme and ASP, as the state machine knows them: what a file says, what was done by hand.

The rules that drive it are in test_sync_states.py; here stand what they use, and what must always hold.
"""

import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine
from sync_world import SEED, World, contact_id, make_contact, make_programme, make_session, on_it, session_id

from asp_local.server import LocalAsp
from portal.models import Contact, Event, FrozenSession, KeptField, Link, Mapping, Run, Session, db
from portal.operations.syncing.drift import compare_with_asp
from portal.sync.running.terms import mapping_of

Record = dict[str, Any]


class OrganisationStates(RuleBasedStateMachine):
    """A portal with one event of a file, connected and mapped to a local ASP."""

    def __init__(self) -> None:
        super().__init__()
        self._asp = LocalAsp(SEED, random_seed=1)
        self._asp.start()
        self._folder = tempfile.TemporaryDirectory()
        self.world = World(
            Path(self._folder.name), self._asp, unpublish_limit=1000, unpublish_share=1.0, asp_timeout=5.0
        )
        self.sessions: dict[int, Record] = {}  # as the file has them
        self.people: dict[int, Record] = {}
        self.rooms = {1: "Hall A", 2: "Hall B"}
        self.event_id = 0
        self.typed: dict[int, str] = {}  # titles that were typed here, where the file says something else
        self.united: set[int] = set()  # by hand: two entries of one person
        self.removed: set[int] = set()  # by hand: what a file says of them counts no more
        self.touched: set[str] = set()  # the records that an editor in ASP has changed or taken away
        self.frozen: dict[str, Record] = {}  # ASP's sessions, as they were when their links were ended

    def teardown(self) -> None:
        self.world.close()
        self._asp.stop()
        self._folder.cleanup()

    # What the rules use

    def begin(self) -> None:
        """Three sessions with somebody on each, mapped."""
        for number in range(1, 4):
            self.people[number] = make_person(number, "Lee")
            self.sessions[number] = make_session(number, on_it(number))
        self.event_id = self.world.load(self.programme()).id
        self.world.connect()
        self.world.map(self.event())

    def event(self) -> Event:
        db.session.rollback()
        return db.session.get_one(Event, self.event_id)

    def mapping(self) -> Mapping | None:
        return mapping_of(self.event())

    def stored_session(self, number: int) -> Session:
        return self._stored(Session, session_id(number))

    def stored_person(self, number: int) -> Contact:
        return self._stored(Contact, contact_id(number))

    def programme(self) -> Record:
        return make_programme(self.sessions.values(), self.people.values())

    def import_file(self) -> None:
        """Bring in the file as it is now. What was typed here stays (H3) until the file says the same."""
        self.world.load(self.programme())
        for number, session in self.sessions.items():
            if self.typed.get(number) == session["title"]:
                del self.typed[number]

    def type_title(self, number: int, title: str) -> None:
        """Note that this title stands here now, by hand."""
        self.typed.pop(number, None)
        if self.sessions[number]["title"] != title:
            self.typed[number] = title

    def pick(self, kind: str, number: int) -> Record | None:
        """One of ASP's records."""
        found = sorted(
            self.world.records(kind),
            key=lambda each: str(each.get("Title") or each.get("Email") or each["Name"]),
        )
        return found[number % len(found)] if found else None

    def touch(self, uuid: str) -> None:
        """Note that an editor has changed this record, and with it all sessions that name it."""
        self.touched.add(uuid)
        self.touched |= {
            each["Uuid"]
            for each in self.world.records("sessions")
            if uuid in (each["Location"], *each["Speakers"], *each["Streams"])
        }

    def note_frozen(self) -> None:
        """Note how the sessions stand whose links are about to be ended (F3)."""
        records = {each["Uuid"]: each for each in self.world.records("sessions")}
        for link in db.session.scalars(db.select(Link).where(Link.kind == "session")):
            if link.asp_uuid in records:
                self.frozen[link.asp_uuid] = records[link.asp_uuid]

    def differing(self) -> set[str]:
        """The records that are not as they were pushed; all of them must have been touched by an editor."""
        mapping = self.mapping()
        assert mapping is not None
        keys = {(each.kind, each.id) for each in compare_with_asp(mapping).records}
        links = db.session.scalars(db.select(Link).where(Link.kind.in_(("session", "speaker"))))
        return {
            link.asp_uuid
            for link in links
            if (link.kind, link.key) in keys and link.seminar_uuid in ("", mapping.seminar_uuid)
        }

    def is_left_to_editors(self) -> bool:
        return db.session.scalar(db.select(KeptField.id).limit(1)) is not None

    def is_an_address_taken(self, run: Run) -> bool:
        """Whether a record that nobody here holds any more has an address: ASP's own answer judges that (D13)."""
        return any("Another speaker" in (each or "") for each in self.world.reasons(run, "failed"))

    # What must hold

    def assert_nothing_is_doubled(self) -> None:
        records = self.world.asp.records()
        _each_once(
            (each["SeminarUuid"], each["CustomFields"].get("sessionboard_id")) for each in records["sessions"]
        )
        _each_once(each["Email"].casefold() for each in records["speakers"])
        for kind in ("streams", "locations"):
            _each_once((each["SeminarUuid"], each["Name"].casefold()) for each in records[kind])

    def assert_nobody_stands_under_another_name(self) -> None:
        for each in self.world.records("speakers"):
            if each["Headshot"]:
                owner = each["Headshot"].rpartition("/")[2].partition(".")[0]
                assert each["FirstName"] == f"Person{owner}", each

    def assert_links_lead_to_their_own(self) -> None:
        sessions = {each["Uuid"]: each for each in self.world.records("sessions")}
        db.session.rollback()
        links = list(db.session.scalars(db.select(Link).where(Link.kind.in_(("session", "speaker")))))
        _each_once((link.seminar_uuid, link.asp_uuid) for link in links)
        for link in links:
            if link.asp_uuid in sessions:
                assert sessions[link.asp_uuid]["CustomFields"]["sessionboard_id"] == link.key

    def assert_frozen_sessions_are_left_alone(self) -> None:
        """F3: as they were when the organisation disconnected, but for an editor."""
        there = {each["Uuid"]: each for each in self.world.records("sessions")}
        for uuid, before in self.frozen.items():
            if uuid not in self.touched:
                assert there[uuid] == before

    def assert_asp_has_the_programme(self) -> None:
        """Every accepted session that can be sent is there as it stands here, unless it is frozen."""
        frozen = set(db.session.scalars(db.select(FrozenSession.source_id)))
        seminar = self.world.mapping(self.event()).seminar_uuid
        there = {
            each["CustomFields"]["sessionboard_id"]: each
            for each in self.world.records("sessions")
            if each["SeminarUuid"] == seminar
        }
        for number, session in self.sessions.items():
            key = session_id(number)
            if (
                number not in self.removed
                and session["status"] == "accepted"
                and session["client_session_id"]
                and key not in frozen
            ):
                assert there[key]["Title"] == self.typed.get(number, session["title"])
                assert there[key]["isPublished"]

    def _stored(self, table: type[Any], source_id: str) -> Any:
        found = db.select(table).where(table.event_id == self.event_id, table.source_id == source_id)
        return db.session.scalars(found).one()


def make_person(number: int, surname: str, mail: int | None = None) -> Record:
    """Whose photo and first name tell them apart, whatever becomes of their address."""
    return make_contact(
        number,
        first_name=f"Person{number}",
        last_name=surname,
        email=f"mail{mail or number}@example.org",
        photo_url=f"https://example.org/{number}.jpg",
    )


def _each_once(keys: Iterable[Any]) -> None:
    twice = {key: number for key, number in Counter(keys).items() if number > 1}
    assert twice == {}
