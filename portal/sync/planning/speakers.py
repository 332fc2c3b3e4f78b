"""The people of a plan: who is synced as a speaker, and what becomes of the others (D6, D9, D13)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from portal.sync.planning import reasons
from portal.sync.planning.adoption import ExistingSpeakers
from portal.sync.planning.columns import Columns, speaker_columns
from portal.sync.planning.context import Context
from portal.sync.planning.deciding import decide, handed_on, leave_out
from portal.sync.planning.fields import PEOPLE_ROLES
from portal.sync.planning.intent import Action, Intended
from portal.sync.planning.payload import Reference, Shaper
from portal.sync.planning.people import PeopleApart, tell_people_apart
from portal.sync.planning.selection import Chosen, NotChosen, accepted_people
from portal.sync.planning.snapshot import Existing, LinkSnapshot

NOT_ON_A_SYNCED_SESSION = reasons.NOT_TAKING_PART.words()


class Speakers:
    """Plans the people of a programme; the values are shaped once, however often it is planned."""

    def __init__(self, context: Context, decisions: Iterable[Chosen | NotChosen], columns: Columns) -> None:
        self._context = context
        self.people: PeopleApart = tell_people_apart(_taking_part(context, decisions, columns), context)
        shaper = Shaper(
            speaker_columns(context.rules, context.contract),
            context.offer,
            context.contract,
            context.programme.timezone,
        )
        contacts = context.programme.contacts
        self._shaped = {id: shaper.values(contacts[id]) for id in self.people.going}
        self._accepted = _accepted_anywhere(context)
        self._roles = _roles_of(decisions)

    def plan(self, existing: Existing) -> tuple[Intended, ...]:
        """Everybody of the event once, in their order; `existing` are the records that ASP has."""
        links = self._context.links
        found = ExistingSpeakers(existing.speakers, links, self._context.contract)
        changed_hands = self._changed_hands()
        return tuple(
            self._going(id, found) if id in self.people.going else self._not_going(id, found, changed_hands)
            for id in self._context.programme.contacts
        )

    def _going(self, id: str, found: ExistingSpeakers) -> Intended:
        contact, links = self._context.programme.contacts[id], self._context.links.speakers
        values, warnings = self._shaped[id]
        link = self.people.going[id]
        if link is None or (link.gone and self._context.rules.recreate_deleted):
            link = found.adopt(contact, values) or link
        intended = Intended(
            "speaker",
            id,
            contact.name,
            Action.UNCHANGED,
            warnings=(*warnings, *found.under_another_name(contact, link)),
            values=values,
            link=link,
            also=tuple(self.people.aliases.get(id, ())),
            handed_on=handed_on(links, link, id),
        )
        return decide(intended, self._context.rules.recreate_deleted, {})

    def _not_going(
        self, id: str, found: ExistingSpeakers, changed_hands: Mapping[str, LinkSnapshot | None]
    ) -> Intended:
        contact, name = self._context.programme.contacts[id], self._context.programme.contacts[id].name
        link = self._context.links.speakers.get(id)
        if reason := self.people.failed.get(id):
            return Intended("speaker", id, name, Action.FAIL, reason, link=link)
        link = changed_hands.get(id, link)
        reason = self.people.skipped.get(id) or self._why_not(id)
        withdrawn = id not in self.people.skipped and id not in self._accepted
        if link is None and withdrawn and id in self._context.links.in_making:  # E11
            link = found.adopt(contact, {})
        intended = Intended("speaker", id, name, Action.SKIP, reason, link=link)
        return leave_out(intended, withdrawn and self._context.rules.unpublish_speakers)

    def _why_not(self, id: str) -> str:
        if roles := self._roles.get(id):
            return reasons.ROLE_NOT_SENT.words(roles=", ".join(sorted(roles)))
        return NOT_ON_A_SYNCED_SESSION

    def _changed_hands(self) -> dict[str, LinkSnapshot | None]:
        """Those whose record somebody else takes over, each with the link that they get in exchange (D13)."""
        links = self._context.links.speakers
        return {
            link.key: handed_on(links, link, id)
            for id, link in self.people.going.items()
            if link is not None and link.key != id
        }


def _taking_part(context: Context, decisions: Iterable[Chosen | NotChosen], columns: Columns) -> list[str]:
    """D6: the accepted participants of the synced sessions, in any role that this seminar can take.

    With *people first* those of accepted sessions that cannot be synced yet too.
    """
    roles = {role for key, role in PEOPLE_ROLES.items() if columns.has(key)}
    return [
        participant.contact_id
        for each in decisions
        if isinstance(each, Chosen) or (context.rules.people_first and each.failed)
        for participant in accepted_people(each.session, context.programme)
        if participant.role in roles
    ]


def _roles_of(decisions: Iterable[Chosen | NotChosen]) -> dict[str, set[str]]:
    """In which roles people take part in the synced sessions, whether the roles are sent or not."""
    roles: dict[str, set[str]] = defaultdict(set)
    for each in decisions:
        for participant in each.session.participants if isinstance(each, Chosen) else ():
            roles[participant.contact_id].add(participant.role)
    return roles


def _accepted_anywhere(context: Context) -> set[str]:
    """Who is an accepted participant of an accepted session, whether that one is synced or not (D9)."""
    return {
        participant.contact_id
        for session in context.programme.sessions
        if context.programme.is_accepted(session.status)
        for participant in accepted_people(session, context.programme)
    }


def known_people(speakers: tuple[Intended, ...], links: Mapping[str, LinkSnapshot]) -> dict[Reference, str]:
    """Every person whose ASP record is known, whatever becomes of it in this run (D7, D13).

    Left out are those who fail while the portal has them unpublished, as they come to no session until they are
    shown again, and those whose record is gone (E13).
    """
    known = {Reference("speaker", key): link.asp_uuid for key, link in links.items() if not link.gone}
    for each in speakers:
        references = [Reference("speaker", contact_id) for contact_id in (each.id, *each.also)]
        if each.action is Action.SKIP:  # a skipped one may stand for somebody else (D13)
            continue
        if each.action is Action.FAIL:
            if each.link is None or each.link.unpublished or each.link.gone:
                known.pop(references[0], None)
            continue
        for reference in references:
            if each.link is None or each.link.gone:  # they follow the record that is about to be made
                known.pop(reference, None)
            else:
                known[reference] = each.link.asp_uuid
    return known


def why_absent(speakers: tuple[Intended, ...]) -> dict[str, str]:
    """Why a person cannot come to a session, by contact."""
    return {
        id: each.reason or ""
        for each in speakers
        if each.action is Action.FAIL
        for id in (each.id, *each.also)
    }
