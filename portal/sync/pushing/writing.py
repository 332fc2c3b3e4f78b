"""Writes one record to ASP: made, updated, unpublished, or found and linked. Runs in a thread; no database."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from portal.asp.client import AspClient
from portal.asp.errors import Duplicate, NotThere, RecordRefused, SeminarGone, UnexpectedAnswer
from portal.asp.records import AspRecord
from portal.models.runs import Outcome
from portal.sync.planning import reasons
from portal.sync.planning.adoption import adopted
from portal.sync.planning.deciding import DELETED, DELETED_ADVICE, Known, values_to_send
from portal.sync.planning.intent import Action, Intended, IntendedChoice
from portal.sync.planning.keys import email_of
from portal.sync.planning.payload import Reference, filled, payload_hash
from portal.sync.planning.snapshot import LinkSnapshot
from portal.sync.planning.unpublishing import is_unpublished
from portal.sync.pushing.creating import Creator
from portal.sync.pushing.links import Place
from portal.sync.pushing.refusals import Refusals
from portal.sync.pushing.written import Notes, Written

SHOWN_ALL_THE_SAME = "ASP answered that it is not there (404), and has it all the same. Sync again later."


@dataclass(frozen=True, slots=True)
class Names:
    """The names of the records that a warning about another one speaks of."""

    owners: dict[str, tuple[str, str]] = field(default_factory=dict)  # a speaker's Uuid → id and name
    expected: dict[Reference, str] = field(default_factory=dict)  # in ASP, or to be made by this run


class Writer:
    """Carries out single intentions for one seminar.

    `names` are what its warnings call other records by.
    """

    def __init__(
        self,
        client: AspClient,
        creator: Creator,
        refusals: Refusals,
        names: Names,
        place: Place,
        *,
        recreate_deleted: bool,
    ) -> None:
        self._client = client
        self._contract = client.contract
        self._creator = creator
        self._refusals = refusals
        self._owners = names.owners
        self._expected = names.expected
        self._site = place.site_uuid
        self._seminar = place.seminar_uuid
        self._recreate_deleted = recreate_deleted

    def write_choice(self, choice: IntendedChoice) -> str:
        """Make or update a stream or location; returns its Uuid. Raises AspError."""
        if choice.action is Action.UPDATE and choice.uuid:
            self._client.update_stream(self._seminar, choice.uuid, choice.values)
            return choice.uuid
        create = self._client.create_stream if choice.kind == "stream" else self._client.create_location
        return self._creator.create(choice.kind, choice.key, lambda: create(self._seminar, choice.values))[0]

    def write(self, intended: Intended, known: Known) -> Written:
        """Carry out one intention with the Uuids known by now. Raises AspError when the record could not be written.

        A record that ASP refuses comes back as failed; what ends the whole run is raised.
        """
        if is_unpublished(intended):
            return self._unpublish(intended)
        payload, changed, unknown = values_to_send(intended, known)
        notes = Notes(
            [
                *intended.warnings,
                *(self._absent(slug, each) for slug, each in unknown if each in self._expected),
            ],
            dict(intended.link.refused) if intended.link else {},
        )
        if intended.link is None:
            return self._create(intended, notes, payload)
        return self._update(intended, intended.link, notes, payload, changed)

    def _absent(self, slug: str, reference: Reference) -> str:
        """The warning for a reference to what is not in ASP (D7)."""
        name = self._expected[reference]
        if reference.kind == "speaker":
            return f"Synced without {name}, who could not be synced."
        return f"{slug} was left as it is in ASP: the {reference.kind} “{name}” could not be made."

    def _create(
        self, intended: Intended, notes: Notes, payload: dict[str, Any], *, look_first: bool = False
    ) -> Written:
        """Make a record. One that was linked and is gone may have been made again by hand: it is looked for first."""
        wanted = filled(payload)
        key = email_of(wanted, self._contract) if intended.kind == "speaker" else intended.id
        found: list[AspRecord] = []

        def create(values: dict[str, Any]) -> str:
            make = self._maker(intended, values)
            uuid, record = self._creator.create(intended.kind, key, make, look_first=look_first)
            found.extend([record] if record else [])
            return uuid

        try:
            asp_uuid, sent = self._refusals.leave_out(intended.kind, notes, wanted, create)
        except Duplicate as duplicate:
            return self._take_over(intended, notes, payload, duplicate)
        if found:
            written = self._adopt(found[0], intended, notes, payload)
            made = written.outcome is not Outcome.FAILED
            return replace(written, outcome=Outcome.CREATED, changed=tuple(sent)) if made else written
        link = LinkSnapshot(
            intended.id, asp_uuid, sent, payload_hash(payload), notes.refused, hidden=not intended.public
        )
        return notes.conclude(intended, Outcome.CREATED, link, tuple(sent))

    def _maker(self, intended: Intended, values: dict[str, Any]) -> Callable[[], str]:
        if intended.kind == "speaker":
            return lambda: self._client.create_speaker(self._site, values)
        return lambda: self._client.create_session(self._seminar, values, published=intended.public)

    def _adopt(self, record: AspRecord, intended: Intended, notes: Notes, payload: dict[str, Any]) -> Written:
        """Link a record that was found, and write what differs in it."""
        link = adopted(record, intended.id, payload, self._contract.shown_slug(intended.kind))
        taken = replace(intended, link=replace(link, refused=notes.refused), publish=None, handed_on=None)
        wanted, changed, _ = values_to_send(replace(taken, values=payload), {})
        return self._update(taken, link, notes, wanted, changed)

    def _take_over(
        self, intended: Intended, notes: Notes, payload: dict[str, Any], duplicate: Duplicate
    ) -> Written:
        """ASP has a speaker with this e-mail that its list did not show: ours, unless it is somebody else's (D14)."""
        if intended.kind != "speaker" or duplicate.uuid is None:
            return notes.fail(intended, _taken(intended, duplicate))
        key, name = self._owners.get(duplicate.uuid, (intended.id, ""))
        if key != intended.id:
            return notes.fail(intended, _taken(intended, duplicate, name))
        record = self._client.speaker(duplicate.uuid)
        if email_of(record.values, self._contract) != email_of(payload, self._contract):
            return notes.fail(intended, _taken(intended, duplicate))
        return self._adopt(record, intended, notes, payload)

    def _update(
        self,
        intended: Intended,
        link: LinkSnapshot,
        notes: Notes,
        payload: dict[str, Any],
        changed: dict[str, Any],
    ) -> Written:
        publish = intended.publish
        sent: dict[str, Any] = {}
        if changed or publish is not None:
            try:
                sent = self._send_update(intended, notes, link.asp_uuid, changed, payload)
            except NotThere:
                return self._replace_deleted(intended, link, notes, payload)
            except Duplicate as duplicate:  # D14
                return notes.fail(intended, _taken(intended, duplicate, self._owner(duplicate)))
        alike = {slug: value for slug, value in filled(payload).items() if slug not in changed}
        before = alike if link.adopted else {} if link.of_another else link.pushed
        after = LinkSnapshot(
            intended.id,
            link.asp_uuid,
            {**before, **sent},
            payload_hash(payload),
            notes.refused,
            unpublished=link.unpublished if publish is None else not publish,
            hidden=link.hidden and publish is None,
        )
        # D16: what was refused whole has changed nothing
        outcome = Outcome.UPDATED if sent or publish is not None else Outcome.UNCHANGED
        return notes.conclude(intended, outcome, after, tuple(sent))

    def _owner(self, duplicate: Duplicate) -> str:
        return self._owners.get(duplicate.uuid or "", ("", ""))[1]

    def _send_update(
        self,
        intended: Intended,
        notes: Notes,
        asp_uuid: str,
        changed: dict[str, Any],
        payload: dict[str, Any],
    ) -> dict[str, Any]:
        publish = intended.publish

        def update(values: dict[str, Any]) -> str:
            if not values and publish is None:
                return asp_uuid
            if intended.kind == "speaker":
                self._client.update_speaker(asp_uuid, values, active=publish)
            else:
                self._client.update_session(self._seminar, asp_uuid, values, published=publish)
            return asp_uuid

        try:
            return self._refusals.leave_out(intended.kind, notes, changed, update)[1]
        except RecordRefused as refusal:
            whole = self._with_both_times(changed, payload, refusal)
            if whole == changed:
                raise
            return self._refusals.leave_out(intended.kind, notes, whole, update)[1]

    def _with_both_times(
        self, changed: dict[str, Any], payload: dict[str, Any], refusal: RecordRefused
    ) -> dict[str, Any]:
        """The changes, with start and end where ASP refuses the one of them that changed.

        An editor may have moved the session in ASP, so that the new time makes no sense beside the one that it has
        there.
        """
        times = {self._contract.session.starts_at, self._contract.session.ends_at}
        if times.isdisjoint(refusal.problems) or times.isdisjoint(changed):
            return changed
        return {**changed, **{slug: value for slug, value in payload.items() if slug in times}}

    def _replace_deleted(
        self, intended: Intended, link: LinkSnapshot, notes: Notes, payload: dict[str, Any]
    ) -> Written:
        """E13: a record that somebody deleted in ASP. It is remembered, so that nothing is written for it again."""
        if self._is_there(intended.kind, link.asp_uuid):
            return notes.fail(intended, SHOWN_ALL_THE_SAME)
        if self._recreate_deleted:
            notes.warnings.append(f"{DELETED} It was recreated.")
            notes.refused = {}
            return self._create(intended, notes, payload, look_first=True)
        gone = replace(link, key=intended.id, pushed=payload, gone=True, adopted=False, of_another=False)
        return notes.conclude(intended, Outcome.FAILED, gone, reason=DELETED_ADVICE)

    def _unpublish(self, intended: Intended) -> Written:  # D9
        link = intended.link
        if link is None:
            raise ValueError("only a linked record can be unpublished")
        outcome, reason, gone = Outcome.UPDATED, intended.reason, False
        try:
            if intended.kind == "speaker":
                self._client.update_speaker(link.asp_uuid, {}, active=False)
            else:
                self._client.update_session(self._seminar, link.asp_uuid, {}, published=False)
        except NotThere:  # the admin has removed it there by hand, as D9 advises
            if self._is_there(intended.kind, link.asp_uuid):
                return Notes().fail(intended, SHOWN_ALL_THE_SAME)
            outcome, reason, gone = Outcome.SKIPPED, f"No longer accepted. {DELETED}", True
        after = replace(link, unpublished=True, gone=gone)
        return Notes().conclude(intended, outcome, after, reason=reason)

    def _is_there(self, kind: str, asp_uuid: str) -> bool:
        """Whether ASP shows a record that a write did not find (E13).

        If ASP does not let anybody look, the write is believed. Raises SeminarGone.
        """
        try:
            if kind == "speaker":
                self._client.speaker(asp_uuid)
            else:
                self._client.session(self._seminar, asp_uuid)
        except (NotThere, UnexpectedAnswer):
            if kind == "session":
                self.check_seminar()
            return False
        return True

    def check_seminar(self) -> None:
        """Raises SeminarGone when a write failed because the whole seminar is gone (E10)."""
        try:
            self._client.seminar(self._seminar)
        except NotThere:
            raise SeminarGone from None


def _taken(intended: Intended, duplicate: Duplicate, name: str = "") -> str:
    """ASP's answer that it has another such record, in words for this kind of record (D13, D14)."""
    if intended.kind != "speaker":
        which = duplicate.uuid or "it does not say which"
        return f"ASP has such a {intended.kind} already ({which}) and refused a second one."
    return reasons.EMAIL_TAKEN.words(whose=f", the record of {name}" if name else "")
