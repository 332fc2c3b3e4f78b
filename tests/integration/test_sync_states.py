"""What holds whatever happens and in whatever order: a state machine over an organisation, its programme and ASP.

`make prove` goes much further than the suite does; docs/reliability.md says how far, and what it found.
"""

import os
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule
from organisation_states import OrganisationStates, make_person
from sync_world import SECOND_SEMINAR, SEMINAR, contact_id, make_session, on_it, session_id

from portal.errors import Refused
from portal.models import KeptChange, Run, RunStatus, db, now
from portal.operations.connection.connecting import disconnect_asp
from portal.operations.editing.people import save_person
from portal.operations.editing.removing import remove_session
from portal.operations.editing.sessions import save_session
from portal.operations.editing.undoing import undo_change
from portal.operations.editing.uniting import pair_up, unite
from portal.operations.mapping.event_settings import current_event_settings, save_event_settings
from portal.operations.mapping.unmapping import remove_mapping
from portal.operations.queries.drafts import draft_of_person, draft_of_session
from portal.operations.syncing.drift import (
    compare_with_asp,
    keep_theirs,
    list_kept_fields,
    put_ours_back,
    release_field,
)
from portal.operations.syncing.preparing import prepare_changes
from portal.operations.syncing.previewing import preview
from portal.programme.drafts import marks_of
from portal.sync.pushing.ledger import RunLedger
from portal.sync.running.liveness import interrupt

EXAMPLES = int(os.environ.get("PORTAL_PROOF_EXAMPLES", "6"))
STEPS = int(os.environ.get("PORTAL_PROOF_STEPS", "14"))

NUMBERS = st.integers(1, 5)
RECORDS = st.integers(0, 9)
STATUSES = st.sampled_from(["accepted", "accepted", "accepted", "declined"])
ROLES = st.sampled_from(["speaker", "speaker", "moderator"])
ROOMS = st.sampled_from([None, 1, 1, 2])
ROOM_NAMES = st.sampled_from(["Hall A", "hall a", "Hall B", "Hall C"])
SURNAMES = st.sampled_from(["Lee", "Moe", "Ray"])
ENDED = (RunStatus.SUCCEEDED, RunStatus.PARTIAL)


class Killed(BaseException):
    """Stands for the death of the process: nothing catches it on the way."""


class OrganisationMachine(OrganisationStates):
    """An admin, an editor in ASP, and the accidents between them."""

    @initialize()
    def connect_and_map(self) -> None:
        self.begin()

    # The programme's file

    @rule(number=NUMBERS, surname=SURNAMES, mail=NUMBERS)
    def make_or_change_person(self, number: int, surname: str, mail: int) -> None:
        if number not in self.united:
            self.people[number] = make_person(number, surname, mail)

    @rule(one=NUMBERS, other=NUMBERS)
    def swap_addresses(self, one: int, other: int) -> None:
        if one in self.people and other in self.people:
            first, second = self.people[one], self.people[other]
            first["email"], second["email"] = second["email"], first["email"]

    @rule(number=NUMBERS, status=STATUSES, room=ROOMS, title=st.integers(0, 3), has_id=st.booleans())
    def make_or_change_session(
        self, number: int, status: str, room: int | None, title: int, has_id: bool
    ) -> None:
        people = self.sessions.get(number, {}).get("participants", [])
        self.sessions[number] = make_session(
            number,
            *people,
            status=status,
            title=f"Session {number}.{title}",
            room={"id": f"r{room}", "name": self.rooms[room]} if room else None,
            client_session_id=f"C{number}" if has_id else None,
        )

    @rule(room=st.integers(1, 2), name=ROOM_NAMES)
    def rename_a_room(self, room: int, name: str) -> None:
        self.rooms[room] = name
        for session in self.sessions.values():
            if (session.get("room") or {}).get("id") == f"r{room}":
                session["room"] = {"id": f"r{room}", "name": name}

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

    @rule()
    def bring_in_the_file(self) -> None:
        self.import_file()

    # By hand

    @rule(number=NUMBERS, title=st.integers(2, 6), told=st.booleans())
    def edit_a_session(self, number: int, title: int, told: bool) -> None:
        """The file says the same from then on, or what it said before."""
        if number in self.sessions:
            self.import_file()
            session = self.stored_session(number)
            draft = draft_of_session(session)
            wanted = f"Session {number}.{title}"
            save_session(session, {**draft, "title": wanted}, marks_of(draft), "tester")
            self.type_title(number, wanted)
            if told:
                self.sessions[number]["title"] = wanted

    @rule()
    def undo_what_was_edited_last(self) -> None:
        self.event()
        change = db.session.scalar(
            db.select(KeptChange)
            .where(KeptChange.kind == "session", KeptChange.undone_at.is_(None))
            .order_by(KeptChange.id.desc())
            .limit(1)
        )
        numbers = {session_id(each): each for each in self.sessions}
        if change is not None and change.fields.keys() <= numbers.keys():
            self.import_file()
            undo_change(change, "tester")
            for key in change.fields:
                self.type_title(numbers[key], str(self.stored_session(numbers[key]).title))

    @rule(number=NUMBERS, surname=SURNAMES, mail=NUMBERS)
    def edit_a_person(self, number: int, surname: str, mail: int) -> None:
        if number in self.people:
            self.import_file()
            contact = self.stored_person(number)
            draft = draft_of_person(contact)
            wanted = {"last_name": surname, "email": f"mail{mail}@example.org"}
            save_person(contact, {**draft, **wanted}, marks_of(draft), "tester")
            self.people[number] |= wanted

    @rule(one=NUMBERS, other=NUMBERS)
    def make_one_person_of_two(self, one: int, other: int) -> None:
        if one == other or not {one, other} <= self.people.keys() - self.united:
            return
        self.import_file()
        pair = pair_up(self.stored_person(one), self.stored_person(other))
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
            self.import_file()
            remove_session(self.stored_session(number), "tester")
            self.removed.add(number)
            del self.sessions[number]

    # The mapping

    @rule(sessions=st.booleans(), speakers=st.booleans(), again=st.booleans(), first=st.booleans())
    def change_settings(self, sessions: bool, speakers: bool, again: bool, first: bool) -> None:
        mapping = self.mapping()
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
        mapping = self.mapping()
        if mapping is not None:
            remove_mapping(mapping, "tester")
        self.world.map(self.event(), seminar=seminar)

    @rule()
    def disconnect_and_connect(self) -> None:
        self.note_frozen()
        disconnect_asp(self.event().organisation, "tester")
        self.world.connect(self.event().organisation)
        self.world.map(self.event())

    # An editor in ASP, and what is decided of their changes

    @rule(number=RECORDS)
    def an_editor_changes_a_title(self, number: int) -> None:
        if found := self.pick("sessions", number):
            self.world.edit("sessions", found["Uuid"], Title="An editor's title")
            self.touch(found["Uuid"])

    @rule(number=RECORDS, kind=st.sampled_from(["sessions", "speakers", "locations"]))
    def an_editor_deletes_a_record(self, number: int, kind: str) -> None:
        if found := self.pick(kind, number):
            self.touch(found["Uuid"])
            self.world.remove(kind, found["Uuid"])

    @rule(number=RECORDS)
    def an_editor_renames_a_location(self, number: int) -> None:
        if found := self.pick("locations", number):
            self.world.edit("locations", found["Uuid"], Name=f"An editor's {found['Uuid'][:8]}")
            self.touch(found["Uuid"])

    @rule()
    def put_ours_back(self) -> None:
        mapping = self.mapping()
        if mapping is not None:
            with suppress(Refused):  # nothing differs
                put_ours_back(mapping, None, "tester")

    @rule()
    def leave_what_differs_to_the_editors(self) -> None:
        mapping = self.mapping()
        if mapping is not None:
            differing = compare_with_asp(mapping).records
            fields = [(each.kind, each.id, slug) for each in differing for slug in each.fields]
            keep_theirs(mapping, fields, "tester")

    @rule()
    def release_all_fields(self) -> None:
        mapping = self.mapping()
        if mapping is not None:
            for each in list_kept_fields(mapping):
                release_field(mapping, each, "tester")

    # Syncs

    @rule()
    def sync(self) -> None:
        self.import_file()
        expected = preview(self.world.mapping(self.event()), now())
        differs = self.differing()
        run = self.world.sync(self.event())

        assert run.status in ENDED, run.message
        if not differs and not self.is_an_address_taken(run):
            assert expected.counts == run.counts  # what an editor deleted is found out by writing alone
        again = self.world.sync(self.event())
        third = again if not differs else self.world.sync(self.event())
        assert third.writes == 0 or self.is_an_address_taken(third), (third.writes, third.counts)
        assert self.differing() <= self.touched
        if not differs and not self.is_left_to_editors():
            self.assert_asp_has_the_programme()

    @rule()
    def prepare_only(self) -> None:
        mapping = self.mapping()
        assert mapping is not None
        waiting: list[int | None] = []
        assert self.world.writes_of(lambda: waiting.append(prepare_changes(mapping))) == 0
        assert waiting != [None]

    @rule(fails=st.sampled_from([0.2, 0.4]), drops=st.sampled_from([0.2, 0.5]))
    def sync_on_a_bad_day(self, fails: float, drops: float) -> None:
        self.import_file()
        self._asp.control(fail_rate=fails, drop_after_commit_rate=drops)
        try:
            self.world.sync(self.event())
        finally:
            self._asp.control(fail_rate=0, drop_after_commit_rate=0)

    @rule(commits=st.integers(1, 8))
    def sync_and_die(self, commits: int) -> None:
        """The process dies before its n-th commit: what it wrote since the last one has no link."""
        self.import_file()
        real, left = RunLedger.commit, [commits]

        def commit_or_die(ledger: RunLedger) -> None:
            left[0] -= 1
            if left[0] <= 0:
                raise Killed
            real(ledger)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(RunLedger, "commit", commit_or_die)
            try:
                self.world.sync(self.event())
            except Killed:
                db.session.rollback()
        for run in db.session.query(Run).filter(Run.status == RunStatus.RUNNING).all():
            interrupt(run.id, now(), "Its process died.")
            db.session.commit()

    @invariant()
    def what_always_holds(self) -> None:
        if self.event_id:
            self.assert_nothing_is_doubled()
            self.assert_nobody_stands_under_another_name()
            self.assert_links_lead_to_their_own()
            self.assert_frozen_sessions_are_left_alone()


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
