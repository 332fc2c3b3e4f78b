"""Writes one record to ASP: what is sent, what is tried again, what is left out. Runs in a thread; no database."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from portal.asp.client import AspClient, AspRecord
from portal.asp.errors import Duplicate, NoAnswer, NotThere, RecordRefused, SeminarGone, Unreachable
from portal.asp.patience import WRITE_TRIES, tries
from portal.asp.transport import UNREACHABLE
from portal.models.runs import Outcome
from portal.sync.planning.adoption import adopted
from portal.sync.planning.intent import Action, Intended, IntendedChoice
from portal.sync.planning.keys import email_of
from portal.sync.planning.payload import Reference, difference, filled, payload_hash
from portal.sync.planning.plan import changed_values
from portal.sync.planning.snapshot import ExistingRecord
from portal.sync.planning.unpublishing import is_unpublished
from portal.sync.pushing.looking import Lookout

log = logging.getLogger(__name__)

LOOKED_FOR = 2  # time-outs after the first one for which a create may still be carried out
GONE = "It was deleted in ASP by hand."
GONE_ADVICE = f"{GONE} To have it made again, allow that in the mapping's Event Settings, then sync again."


@dataclass(slots=True)
class Written:
    """What became of one record, and what its link has to say from now on."""

    kind: str
    id: str
    name: str
    outcome: Outcome
    reason: str | None = None
    warnings: list[str] = field(default_factory=list)
    asp_uuid: str | None = None  # set when there is a link to keep
    former_key: str | None = None  # the link was another contact's before (D13)
    pushed: dict[str, Any] = field(default_factory=dict)
    pushed_hash: str = ""
    refused: dict[str, Any] = field(default_factory=dict)
    unpublished: bool = False
    changed: list[str] = field(default_factory=list)
    also: tuple[str, ...] = ()
    gone: list[str] = field(default_factory=list)  # Uuids of people whose records were deleted in ASP
    withheld: bool = False  # it would have been unpublished (D12)


class Writer:
    """Carries out single intentions for one seminar."""

    def __init__(
        self,
        client: AspClient,
        *,
        site: str,
        seminar: str,
        lookouts: dict[str, Lookout],
        recreate_deleted: bool,
        owner_of: Callable[[str], str | None],
        pending: dict[Reference, str],
        people: dict[str, str],
    ) -> None:
        self._client = client
        self._contract = client.contract
        self._site = site
        self._seminar = seminar
        self._lookouts = lookouts
        self._recreate_deleted = recreate_deleted
        self._owner_of = owner_of  # speaker's Uuid → the contact it is linked to
        self._pending = pending  # what this run was to make, by name
        self._double_until = float(
            "-inf"
        )  # until when the first of a repeated create may still be carried out
        self.repeated: list[
            tuple[str, str]
        ] = []  # creates that were repeated after a time-out, by kind and key
        self._people = people  # the names of linked people by their Uuids
        self._required = {
            "session": {
                getattr(self._contract.session, name)
                for name in ("title", "starts_at", "ends_at", "client_session_id", "sessionboard_id")
            },
            "speaker": {
                getattr(self._contract.speaker, name) for name in ("first_name", "last_name", "email")
            },
        }

    def write_choice(self, choice: IntendedChoice) -> str:
        """Make or update a stream or location; returns its Uuid. Raises AspError."""
        if choice.action is Action.UPDATE and choice.uuid:
            self._client.update_stream(self._seminar, choice.uuid, choice.values)
            return choice.uuid
        create = self._client.create_stream if choice.kind == "stream" else self._client.create_location
        return self._create(choice.kind, choice.key, lambda: create(self._seminar, choice.values))[0]

    def write(self, intended: Intended, uuids: dict[Reference, str]) -> Written:
        """Carry out one intention with the Uuids known by now. Raises AspError when the record could not be written.

        A record that ASP refuses comes back as failed; what ends the whole run is raised.
        """
        if is_unpublished(intended):
            return self._unpublish(intended)
        payload, changed, unknown = changed_values(intended, uuids)
        written = Written(
            intended.kind,
            intended.id,
            intended.name,
            Outcome.UNCHANGED,
            warnings=[
                *intended.warnings,
                *(self._absent(slug, each) for slug, each in unknown if each in self._pending),
            ],
            also=intended.also,
        )
        written.refused = dict(intended.link.refused) if intended.link else {}
        if intended.link is None:
            return self._create_record(intended, written, payload)
        return self._update_record(intended, written, payload, changed)

    def _absent(self, slug: str, reference: Reference) -> str:
        """The warning for a reference to what is not in ASP (D7)."""
        name = self._pending[reference]
        if reference.kind == "speaker":
            return f"Synced without {name}, who could not be synced."
        return f"{slug} was left as it is in ASP: the {reference.kind} “{name}” could not be made."

    def _create_record(self, intended: Intended, written: Written, payload: dict[str, Any]) -> Written:
        sent = filled(payload)
        key = email_of(sent, self._contract) if intended.kind == "speaker" else intended.id
        found: list[AspRecord] = []

        def create(values: dict[str, Any]) -> str:
            # A record that was linked and is gone may have been made again by hand, so it is looked for first.
            uuid, record = self._create(
                intended.kind, key, self._maker(intended, values), look_first=intended.link is not None
            )
            found.extend([record] if record else [])
            return uuid

        try:
            written.asp_uuid, sent = self._leaving_out_refused(intended.kind, written, sent, create)
        except Duplicate as duplicate:
            return self._take_over(intended, written, payload, duplicate)
        written.changed = list(sent)
        if found:
            written = self._adopt(found[0], intended, written, payload)
            if written.outcome is not Outcome.FAILED:
                written.outcome = Outcome.CREATED
            return written
        written.outcome = Outcome.CREATED
        written.pushed = sent
        written.pushed_hash = payload_hash(payload)
        return written

    def _adopt(
        self, record: AspRecord, intended: Intended, written: Written, payload: dict[str, Any]
    ) -> Written:
        """Link a record that was found, and write what differs in it."""
        link = adopted(ExistingRecord(record.uuid, record.values, record.created), intended.id, payload)
        taken = Intended(intended.kind, intended.id, intended.name, Action.UPDATE, link=link)
        wanted = filled(payload)
        return self._update_record(taken, written, wanted, difference(wanted, link.pushed, written.refused))

    def _maker(self, intended: Intended, values: dict[str, Any]) -> Callable[[], str]:
        if intended.kind == "speaker":
            return lambda: self._client.create_speaker(self._site, values)
        return lambda: self._client.create_session(self._seminar, values, published=intended.public)

    def _create(
        self, kind: str, key: str, make: Callable[[], str], *, look_first: bool = False
    ) -> tuple[str, AspRecord | None]:
        """Create once and only once (E11): a lost answer is looked for before the create is repeated.

        After a time-out ASP may still be at work on it, so it is looked for until it can hardly come any more.
        Returns the Uuid, and the record where it was found and not made.
        """
        clock = self._client.waiting.clock
        lost_at: float | None = clock() if look_first else None
        may_come_until = float("-inf")
        for last in tries(self._client.waiting, self._client.first_pause, WRITE_TRIES):
            try:
                if lost_at is not None:
                    found = self._look(kind, key, lost_at, may_come_until)
                    if found is not None:
                        return found.uuid, found
                    if may_come_until > float("-inf"):
                        self.repeated.append((kind, key))
                        self._double_until = clock() + LOOKED_FOR * self._client.timeout
                return make(), None
            except NoAnswer as problem:
                log.warning("No answer from ASP to the making of a %s: %s", kind, problem)
                if problem.arrived:
                    lost_at = clock()
                if problem.timed_out:
                    may_come_until = clock() + LOOKED_FOR * self._client.timeout
                if last:
                    raise Unreachable(UNREACHABLE, arrived=problem.arrived) from problem
        raise AssertionError("tries() ends with a last one")

    def _look(self, kind: str, key: str, since: float, may_come_until: float) -> AspRecord | None:
        """The record in a list that was asked for after `since`; again and again while it may still come (E11)."""
        waiting, pause = self._client.waiting, self._client.first_pause
        while True:
            found = self._lookouts[kind].find(key, since)
            since = waiting.clock()
            if found is not None or since >= may_come_until:
                return found
            waiting.pause(min(pause, may_come_until - since))
            pause *= 2

    def find_doubles(self) -> list[str]:
        """What ASP has twice after a create that had timed out was repeated, in an admin's words (E11, I4).

        Raises AspError. Speakers are not among them: ASP refuses a second one with the same e-mail itself.
        """
        doubles = []
        self._client.waiting.pause(self._double_until - self._client.waiting.clock())
        for kind, key in dict.fromkeys(self.repeated):
            uuids = self._lookouts[kind].count(key) if kind != "speaker" else []
            if len(uuids) > 1:
                doubles.append(
                    f"ASP has the {kind} “{key}” {len(uuids)} times ({', '.join(uuids)}): it carried out a request "
                    f"long after it had timed out. Delete in ASP all but the one that the website shows."
                )
        return doubles

    def _take_over(
        self, intended: Intended, written: Written, payload: dict[str, Any], duplicate: Duplicate
    ) -> Written:
        """ASP has a speaker with this e-mail that its list did not show: ours, unless it is somebody else's."""
        if duplicate.uuid is None or self._owner_of(duplicate.uuid) not in (None, intended.id):
            return _failed(written, f"{duplicate} Correct the address here or in ASP, then sync again.")
        record = self._client.speaker(duplicate.uuid)
        if email_of(record.values, self._contract) != email_of(payload, self._contract):
            return _failed(written, f"{duplicate} Correct the address here or in ASP, then sync again.")
        return self._adopt(record, intended, written, payload)

    def _update_record(
        self, intended: Intended, written: Written, payload: dict[str, Any], changed: dict[str, Any]
    ) -> Written:
        link = intended.link
        if link is None:
            raise ValueError("only a linked record can be updated")
        publish = intended.publish
        written.asp_uuid = link.asp_uuid
        written.former_key = link.key if link.key != intended.id else None
        written.unpublished = link.unpublished
        sent: dict[str, Any] = {}
        if changed or publish is not None:
            try:
                sent = self._send_update(intended, written, link.asp_uuid, changed, publish)
            except NotThere:
                return self._replace_deleted(intended, written, payload)
            except Duplicate as duplicate:  # D14
                return _failed(written, f"{duplicate} Correct the address here or in ASP, then sync again.")
            if publish is not None:
                written.unpublished = not publish
            if sent or publish is not None:  # D16: what was refused whole has changed nothing
                written.outcome = Outcome.UPDATED
        written.changed = list(sent)
        alike = {slug: value for slug, value in filled(payload).items() if slug not in changed}
        written.pushed = {**(alike if link.adopted else link.pushed), **sent}
        written.pushed_hash = payload_hash(payload)
        return written

    def _send_update(
        self,
        intended: Intended,
        written: Written,
        asp_uuid: str,
        changed: dict[str, Any],
        publish: bool | None,
    ) -> dict[str, Any]:
        def update(values: dict[str, Any]) -> str:
            if not values and publish is None:
                return asp_uuid
            if intended.kind == "speaker":
                self._client.update_speaker(asp_uuid, values, active=publish)
            else:
                self._client.update_session(self._seminar, asp_uuid, values, published=publish)
            return asp_uuid

        return self._leaving_out_refused(intended.kind, written, changed, update)[1]

    def _leaving_out_refused(
        self,
        kind: str,
        written: Written,
        values: dict[str, Any],
        send: Callable[[dict[str, Any]], str],
    ) -> tuple[str, dict[str, Any]]:
        """D16: refused optional fields are left out until ASP takes the rest or refuses a required one.

        Some servers name one wrong field per answer, so every round leaves out at least one or mends a list.
        """
        for slug in values:
            written.refused.pop(slug, None)
        left, refusals = dict(values), dict[str, str]()
        while True:
            try:
                asp_uuid = send(left)
                break
            except RecordRefused as refusal:
                refused = {slug: words for slug, words in refusal.problems.items() if slug in left}
                if not refused or refused.keys() & self._required[kind]:
                    raise
                left |= self._without_gone_people(written, left, refused)
                for slug, words in refused.items():
                    written.refused[slug] = {"value": left.pop(slug), "message": words}
                refusals |= refused
        rest = " The rest was sent." if left else ""
        written.warnings += [
            f"ASP refused {slug}: {words}{rest} Correct it, then sync again."
            for slug, words in refusals.items()
        ]
        return asp_uuid, left

    def _without_gone_people(
        self, written: Written, values: dict[str, Any], refused: dict[str, str]
    ) -> dict[str, Any]:
        """E13: a list of people is refused because somebody's record was deleted in ASP. The others stay on it.

        Takes what can be sent after all out of `refused`; who is gone is found out by the next run's update (404).
        """
        mended: dict[str, Any] = {}
        for slug in [slug for slug in refused if isinstance(values[slug], list)]:
            known = [uuid for uuid in values[slug] if uuid in self._people]
            gone = {uuid for uuid in known if self._is_gone(uuid)}
            if not gone:
                continue
            del refused[slug]
            mended[slug] = [uuid for uuid in values[slug] if uuid not in gone]
            for uuid in sorted(gone - set(written.gone)):
                written.gone.append(uuid)
                written.warnings.append(
                    f"Synced without {self._people[uuid]}, whose record was deleted in ASP by hand."
                )
        return mended

    def _is_gone(self, uuid: str) -> bool:
        try:
            self._client.speaker(uuid)
        except NotThere:
            return True
        return False

    def _replace_deleted(self, intended: Intended, written: Written, payload: dict[str, Any]) -> Written:
        """E13: a record that somebody deleted in ASP."""
        if intended.kind == "session":
            self.check_seminar()
        if not self._recreate_deleted:
            return _failed(written, GONE_ADVICE)
        written.warnings.append(f"{GONE} It was made again.")
        written.refused = {}
        written.unpublished = False
        return self._create_record(intended, written, payload)

    def _unpublish(self, intended: Intended) -> Written:  # D9
        link = intended.link
        if link is None:
            raise ValueError("only a linked record can be unpublished")
        written = Written(intended.kind, intended.id, intended.name, Outcome.UPDATED, intended.reason)
        try:
            if intended.kind == "speaker":
                self._client.update_speaker(link.asp_uuid, {}, active=False)
            else:
                self._client.update_session(self._seminar, link.asp_uuid, {}, published=False)
        except NotThere:  # the admin has removed it there by hand, as D9 advises
            if intended.kind == "session":
                self.check_seminar()
            written.outcome, written.reason = Outcome.SKIPPED, f"No longer accepted. {GONE}"
        written.asp_uuid, written.unpublished = link.asp_uuid, True
        written.pushed, written.pushed_hash, written.refused = link.pushed, link.pushed_hash, link.refused
        return written

    def check_seminar(self) -> None:
        """Raises SeminarGone when a write failed because the whole seminar is gone (E10)."""
        try:
            self._client.seminar(self._seminar)
        except NotThere:
            raise SeminarGone from None


def _failed(written: Written, reason: str) -> Written:
    written.outcome = Outcome.FAILED
    written.reason = reason
    written.asp_uuid = written.former_key = None  # the link stays as it is, and whose it is
    return written
