"""The part of a programme that decides how one session stands, so that a page about one plans no other. Pure."""

from dataclasses import replace

from portal.asp.contract import Contract
from portal.sync.planning.keys import email_of
from portal.sync.planning.snapshot import Links, Programme
from portal.text.matching import fold


def around(programme: Programme, session_id: str, links: Links, contract: Contract) -> Programme:
    """The session, its people, and the sessions of everybody who shares an address with one of them (D13).

    A plan of this part says the same of the session as a plan of the whole programme. It does not of the others; nor
    does it tell whether the unpublishing would be withheld, for which all records are counted (D12).
    """
    session = next((each for each in programme.sessions if each.id == session_id), None)
    if session is None:
        return replace(programme, sessions=(), contacts={})
    people = {each.contact_id for each in session.participants}
    addresses = {fold(programme.contacts[each].email or "") for each in people} - {""}
    addresses |= {email_of(link.pushed, contract) for key in people if (link := links.speakers.get(key))} - {
        ""
    }
    people |= {key for key, each in programme.contacts.items() if fold(each.email or "") in addresses}
    people |= {
        key
        for key, link in links.speakers.items()
        if key in programme.contacts and email_of(link.pushed, contract) in addresses
    }
    sessions = []
    for each in programme.sessions:
        ours = tuple(part for part in each.participants if part.contact_id in people)
        if each.id == session_id or ours:
            sessions.append(replace(each, participants=ours))
    return replace(
        programme,
        sessions=tuple(sessions),
        contacts={key: each for key, each in programme.contacts.items() if key in people},
    )
