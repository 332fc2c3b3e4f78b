"""What holds whatever happens and in whatever order: a state machine over an organisation, its programme and ASP.

`make prove` goes much further than the suite does; docs/reliability.md says how far, and what it found.
"""

import os
import tempfile
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sync_world import (
    SECOND_SEMINAR,
    SEED,
    SEMINAR,
    World,
    contact_id,
    make_contact,
    make_programme,
    make_session,
    on_it,
    session_id,
)

from asp_local.server import LocalAsp
from portal.errors import Refused
from portal.models import Contact, Event, FrozenSession, Link, Run, RunStatus, Session, db, now
from portal.operations.connecting import disconnect_asp
from portal.operations.drift import put_ours_back
from portal.operations.event_settings import current_event_settings, save_event_settings
from portal.operations.people import save_person
from portal.operations.previewing import preview
from portal.operations.queries.drafts import draft_of_person, draft_of_session
from portal.operations.removing import remove_session
from portal.operations.sessions import save_session
from portal.operations.syncing import mapping_of
from portal.operations.uniting import pair_up, unite
from portal.operations.unmapping import remove_mapping
from portal.programme.drafts import marks_of
from portal.sync.pushing.ledger import RunLedger
from portal.sync.running.liveness import interrupt

EXAMPLES = int(os.environ.get("PORTAL_PROOF_EXAMPLES", "6"))
STEPS = int(os.environ.get("PORTAL_PROOF_STEPS", "14"))

NUMBERS = st.integers(1, 5)
STATUSES = st.sampled_from(["accepted", "accepted", "accepted", "declined"])
ROLES = st.sampled_from(["speaker", "speaker", "moderator"])
ROOMS = st.sampled_from([None, "Hall A", "hall a", "Hall B"])
SURNAMES = st.sampled_from(["Lee", "Moe", "Ray"])
ENDED = (RunStatus.SUCCEEDED, RunStatus.PARTIAL)


def _each_once(keys: Iterable[Any]) -> None:
    twice = {key: number for key, number in Counter(keys).items() if number > 1}
    assert twice == {}


class Killed(BaseException):
    """Stands for the death of the process: nothing catches it on the way."""


class OrganisationMachine(RuleBasedStateMachine):
    """An admin, an editor in ASP, and the accidents between them."""

    def __init__(self) -> None:
        super().__init__()
        self._asp = LocalAsp(SEED, random_seed=1)
        self._asp.start()
        self._folder = tempfile.TemporaryDirectory()
        self.world = World(
            Path(self._folder.name), self._asp, unpublish_limit=1000, unpublish_share=1.0, asp_timeout=5.0
        )
        self.sessions: dict[int, dict[str, Any]] = {}
        self.people: dict[int, dict[str, Any]] = {}
        self.event_id = 0
        self.edited_in_asp = False
        self.united: set[int] = set()  # by hand: two entries of one person
        self.removed: set[int] = set()  # by hand: what a file says of them counts no more

    def teardown(self) -> None:
        self.world.close()
        self._asp.stop()
        self._folder.cleanup()

    # The programme

    @initialize()
    def begin(self) -> None:
        for number in range(1, 4):
            self.people[number] = self._person(number, "Lee")
            self.sessions[number] = make_session(number, on_it(number))
        self.event_id = self.world.load(self._programme()).id
        self.world.connect()
        self.world.map(self._event())

    @rule(number=NUMBERS, surname=SURNAMES, mail=NUMBERS)
    def make_or_change_person(self, number: int, surname: str, mail: int) -> None:
        if number not in self.united:
            self.people[number] = self._person(number, surname, mail)

    @rule(one=NUMBERS, other=NUMBERS)
    def swap_addresses(self, one: int, other: int) -> None:
        if one in self.people and other in self.people:
            first, second = self.people[one], self.people[other]
            first["email"], second["email"] = second["email"], first["email"]

    @rule(number=NUMBERS, status=STATUSES, room=ROOMS, title=st.integers(0, 3), has_id=st.booleans())
    def make_or_change_session(
        self, number: int, status: str, room: str | None, title: int, has_id: bool
    ) -> None:
        people = self.sessions.get(number, {}).get("participants", [])
        self.sessions[number] = make_session(
            number,
            *people,
            status=status,
            title=f"Session {number}.{title}",
            room={"id": f"r-{room}", "name": room} if room else None,
            client_session_id=f"C{number}" if has_id else None,
        )

    @rule(number=NUMBERS, person=NUMBERS, role=ROLES, status=STATUSES)
    def put_on_session(self, number: int, person: int, role: str, status: str) -> None:
        if number in self.sessions and person in self.people:
            others = [
                each
                for each in self.sessions[number]["participants"]
                if each["contact_id"] != contact_id(person)
            ]
            self.sessions[number]["participants"] = [*others, on_it(person, role, status)]

    @rule(number=NUMBERS)
    def take_everybody_off(self, number: int) -> None:
        if number in self.sessions:
            self.sessions[number]["participants"] = []

    @rule(number=NUMBERS)
    def leave_a_session_out_of_the_file(self, number: int) -> None:
        self.sessions.pop(number, None)

    # By hand, which the files say too from then on

    @rule(number=NUMBERS, title=st.integers(4, 6))
    def edit_a_session(self, number: int, title: int) -> None:
        if number in self.sessions:
            self._import()
            session = self._stored(Session, session_id(number))
            draft = draft_of_session(session)
            wanted = f"Session {number}.{title}"
            save_session(session, {**draft, "title": wanted}, marks_of(draft), "tester")
            self.sessions[number]["title"] = wanted

    @rule(number=NUMBERS, surname=SURNAMES, mail=NUMBERS)
    def edit_a_person(self, number: int, surname: str, mail: int) -> None:
        if number in self.people:
            self._import()
            contact = self._stored(Contact, contact_id(number))
            draft = draft_of_person(contact)
            wanted = {"last_name": surname, "email": f"mail{mail}@example.org"}
            save_person(contact, {**draft, **wanted}, marks_of(draft), "tester")
            self.people[number] |= wanted

    @rule(one=NUMBERS, other=NUMBERS)
    def make_one_person_of_two(self, one: int, other: int) -> None:
        if one == other or not {one, other} <= self.people.keys() - self.united:
            return
        self._import()
        pair = pair_up(*(self._stored(Contact, contact_id(each)) for each in (one, other)))
        both_stay = pair.both_linked
        stays = one if unite(pair, pair.mark, (), "tester").stays.source_id == contact_id(one) else other
        goes = one + other - stays
        self.people[stays] = {**self.people[one], "id": contact_id(stays)}
        if not both_stay:
            del self.people[goes]
        for session in self.sessions.values():
            on = {each["contact_id"]: each for each in session["participants"]}
            if gone := on.pop(contact_id(goes), None):
                on.setdefault(contact_id(stays), {**gone, "contact_id": contact_id(stays)})
            session["participants"] = list(on.values())
        self.united |= {one, other}

    @rule(number=NUMBERS)
    def remove_a_session(self, number: int) -> None:
        if number in self.sessions:
            self._import()
            remove_session(self._stored(Session, session_id(number)), "tester")
            self.removed.add(number)
            del self.sessions[number]

    # The mapping

    @rule(sessions=st.booleans(), speakers=st.booleans(), again=st.booleans(), first=st.booleans())
    def change_settings(self, sessions: bool, speakers: bool, again: bool, first: bool) -> None:
        mapping = mapping_of(self._event())
        if mapping is not None:
            wanted = current_event_settings(mapping)
            save_event_settings(
                mapping,
                type(wanted)(
                    **{
                        **{name: getattr(wanted, name) for name in type(wanted).__dataclass_fields__},
                        "unpublish_sessions": sessions,
                        "unpublish_speakers": speakers,
                        "recreate_deleted": again,
                        "people_first": first,
                    }
                ),
                "tester",
            )

    @rule(seminar=st.sampled_from([SEMINAR, SEMINAR, SECOND_SEMINAR]))
    def map_again(self, seminar: str) -> None:
        mapping = mapping_of(self._event())
        if mapping is not None:
            remove_mapping(mapping, "tester")
        self.world.map(self._event(), seminar=seminar)

    @rule()
    def disconnect_and_connect(self) -> None:
        disconnect_asp(self._event().organisation, "tester")
        self.world.connect(self._event().organisation)
        self.world.map(self._event())

    # An editor in ASP

    @rule(number=st.integers(0, 9))
    def an_editor_changes_a_title(self, number: int) -> None:
        if found := self._pick("sessions", number):
            self.world.edit("sessions", found["Uuid"], Title="An editor's title")
            self.edited_in_asp = True

    @rule(number=st.integers(0, 9), kind=st.sampled_from(["sessions", "speakers", "locations"]))
    def an_editor_deletes_a_record(self, number: int, kind: str) -> None:
        if found := self._pick(kind, number):
            self.world.remove(kind, found["Uuid"])
            self.edited_in_asp = True

    @rule()
    def put_ours_back(self) -> None:
        mapping = mapping_of(self._event())
        if mapping is not None:
            with suppress(Refused):  # nothing differs
                put_ours_back(mapping, None, "tester")

    # Syncs

    @rule()
    def sync(self) -> None:
        self._import()
        expected = preview(self.world.mapping(self._event()), now())
        run = self.world.sync(self._event())

        assert run.status in ENDED, run.message
        if not self.edited_in_asp and not self._is_an_address_taken(run):
            assert expected.counts == run.counts  # what an editor deleted is found out by writing alone
        again = self.world.sync(self._event())
        third = again if not self.edited_in_asp else self.world.sync(self._event())
        assert third.writes == 0 or self._is_an_address_taken(third), (third.writes, third.counts)
        self._assert_asp_has_the_programme()

    @rule(fails=st.sampled_from([0.2, 0.4]), drops=st.sampled_from([0.2, 0.5]))
    def sync_on_a_bad_day(self, fails: float, drops: float) -> None:
        self._import()
        self._asp.control(fail_rate=fails, drop_after_commit_rate=drops)
        try:
            self.world.sync(self._event())
        finally:
            self._asp.control(fail_rate=0, drop_after_commit_rate=0)

    @rule(commits=st.integers(1, 8))
    def sync_and_die(self, commits: int) -> None:
        """The process dies before its n-th commit: what it wrote since the last one has no link."""
        self._import()
        real, left = RunLedger.commit, [commits]

        def commit_or_die(ledger: RunLedger) -> None:
            left[0] -= 1
            if left[0] <= 0:
                raise Killed
            real(ledger)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(RunLedger, "commit", commit_or_die)
            try:
                self.world.sync(self._event())
            except Killed:
                db.session.rollback()
        for run in db.session.query(Run).filter(Run.status == RunStatus.RUNNING).all():
            interrupt(run.id, now(), "Its process died.")
            db.session.commit()

    # What always holds

    @invariant()
    def nothing_is_doubled_and_nothing_stands_under_another_name(self) -> None:
        if not self.event_id:
            return
        records = self.world.asp.records()
        _each_once(
            (each["SeminarUuid"], each["CustomFields"].get("sessionboard_id")) for each in records["sessions"]
        )
        _each_once(each["Email"].casefold() for each in records["speakers"])
        for kind in ("streams", "locations"):
            _each_once((each["SeminarUuid"], each["Name"].casefold()) for each in records[kind])
        for each in records["speakers"]:
            owner = each["Headshot"].rpartition("/")[2].partition(".")[0]
            assert each["FirstName"] == f"Person{owner}", each
        self._assert_links_lead_to_their_own({each["Uuid"]: each for each in records["sessions"]})

    # What the rules use

    def _event(self) -> Event:
        db.session.rollback()
        return db.session.get_one(Event, self.event_id)

    def _stored(self, table: type[Any], source_id: str) -> Any:
        found = db.select(table).where(table.event_id == self.event_id, table.source_id == source_id)
        return db.session.scalars(found).one()

    def _programme(self) -> dict[str, Any]:
        return make_programme(self.sessions.values(), self.people.values())

    def _person(self, number: int, surname: str, mail: int | None = None) -> dict[str, Any]:
        return make_contact(
            number,
            first_name=f"Person{number}",
            last_name=surname,
            email=f"mail{mail or number}@example.org",
            photo_url=f"https://example.org/{number}.jpg",
        )

    def _import(self) -> None:
        self.world.load(self._programme())

    def _pick(self, kind: str, number: int) -> dict[str, Any] | None:
        found = sorted(
            self.world.records(kind),
            key=lambda each: str(each.get("Title") or each.get("Email") or each["Name"]),
        )
        return found[number % len(found)] if found else None

    def _assert_links_lead_to_their_own(self, sessions: dict[str, dict[str, Any]]) -> None:
        db.session.rollback()
        links = list(db.session.scalars(db.select(Link).where(Link.kind.in_(("session", "speaker")))))
        _each_once((link.seminar_uuid, link.asp_uuid) for link in links)
        for link in links:
            if link.asp_uuid in sessions:
                assert sessions[link.asp_uuid]["CustomFields"]["sessionboard_id"] == link.key

    def _is_an_address_taken(self, run: Run) -> bool:
        """Whether a record that nobody here holds any more has an address: ASP's own answer judges that (D13)."""
        return any("Another speaker" in (each or "") for each in self.world.reasons(run, "failed"))

    def _assert_asp_has_the_programme(self) -> None:
        """Every accepted session that can be sent is there as it stands here, unless it is frozen."""
        if self.edited_in_asp:
            return
        frozen = set(db.session.scalars(db.select(FrozenSession.source_id)))
        seminar = self.world.mapping(self._event()).seminar_uuid
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
                assert there[key]["Title"] == session["title"]
                assert there[key]["isPublished"]


OrganisationMachine.TestCase.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    derandomize="PORTAL_PROOF_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink takes as long as all the rest
)
test_whatever_happens_nothing_is_lost_or_doubled = OrganisationMachine.TestCase
