"""Whether an event's website shows what was synced: looked for at its public agenda, a few times after a sync."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from portal.config import current_settings
from portal.errors import Refused
from portal.models import Connection, KeptField, Link, LinkKind, Mapping, Run, WebsiteLook, db, now
from portal.operations.connection.clients import contract
from portal.programme.bounds import LONGEST_ADDRESS
from portal.public_web import NotRead, read_page
from portal.sync.running.terms import of_place
from portal.text.addresses import parts_of, web_address
from portal.text.html import words_of
from portal.text.mentions import not_named

# Before each further look. The website takes up to 15 minutes; whoever is slower is given half an hour.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 15))
MOST_NAMED = 3  # titles that are not there yet
MOST_TITLES = 2_000  # that are looked for in one page: a large one takes milliseconds for each (G5)
NO_ADDRESS = "Enter the address of a page that everybody can see, as https://www.example.org/agenda."


def checked_agenda_address(typed: str) -> str | None:
    """The address as it is kept; None for an empty one. Raises Refused for what is no public web address."""
    if not typed:
        return None
    address = web_address(typed)
    parts = parts_of(address or "")
    if address is None or len(address) > LONGEST_ADDRESS or parts.username or parts.password:
        raise Refused(NO_ADDRESS, "agenda_address")
    return address


def find_look(mapping: Mapping | None) -> WebsiteLook | None:
    """What was seen since the last sync that changed something; None where nobody looks."""
    if mapping is None or not mapping.agenda_address:
        return None
    return db.session.scalar(select(WebsiteLook).where(WebsiteLook.mapping_id == mapping.id))


def find_looks(mappings: list[Mapping]) -> dict[int, WebsiteLook]:
    """The same for many mappings, by their id."""
    ids = [each.id for each in mappings if each.agenda_address]
    found = db.session.scalars(select(WebsiteLook).where(WebsiteLook.mapping_id.in_(ids)))
    return {each.mapping_id: each for each in found}


def look_after_run(run_id: int) -> None:
    """Let somebody look from now on, where the run wrote something or nobody has looked yet."""
    run = db.session.get_one(Run, run_id, populate_existing=True)
    mapping = run.mapping
    if mapping is not None and mapping.agenda_address and (run.writes or find_look(mapping) is None):
        look_from_now_on(mapping, run_id)
    db.session.commit()


def look_from_now_on(mapping: Mapping, run_id: int | None = None) -> None:
    """In the caller's transaction: forget what was seen. Since the run named, else the same as before."""
    look = db.session.scalar(select(WebsiteLook).where(WebsiteLook.mapping_id == mapping.id))
    if look is None:
        look = WebsiteLook(mapping_id=mapping.id)
        db.session.add(look)
    look.run_id, look.next_at, look.tries = run_id or look.run_id, now(), 0
    look.expected, look.found, look.missing = 0, 0, []
    look.looked_at = look.seen_at = look.problem = None


def is_look_due() -> bool:
    """Whether somebody is to look at a website now."""
    return _due_look(now()) is not None


def look_at_website() -> bool:
    """Look at the website that has waited longest, once; whether there was one.

    One alone, so that a website that hangs holds up what else a worker has to do for a few seconds at most.
    """
    look = _due_look(now())
    if look is None:
        return False
    look_id, tries = look.id, look.tries + 1
    again_at = now() + PAUSES[tries - 1] if tries <= len(PAUSES) else None
    taken = db.session.execute(
        update(WebsiteLook)
        .where(WebsiteLook.id == look_id, WebsiteLook.tries == tries - 1)
        .values(tries=tries, next_at=again_at)
        .returning(WebsiteLook.id)
    ).first()
    titles, address = _shown_titles(look.mapping), str(look.mapping.agenda_address)
    db.session.commit()  # no transaction is open while the website is asked
    if taken is None:
        return True  # another worker looks
    seen = _seen(address, titles)
    db.session.execute(
        update(WebsiteLook)
        .where(WebsiteLook.id == look_id, WebsiteLook.tries == tries)  # no other sync has ended meanwhile
        .values(looked_at=now(), **seen)
    )
    db.session.commit()
    return True


def _due_look(moment: datetime) -> WebsiteLook | None:
    return db.session.scalar(
        select(WebsiteLook)
        .join(Mapping, Mapping.id == WebsiteLook.mapping_id)
        .join(Connection, Connection.organisation_id == Mapping.organisation_id)
        .where(
            WebsiteLook.next_at <= moment, Mapping.removed_at.is_(None), Mapping.agenda_address.is_not(None)
        )
        .order_by(WebsiteLook.next_at)
        .limit(1)
    )


def _shown_titles(mapping: Mapping) -> list[str]:
    """The titles that the website is to show, what was pushed last first.

    Not those of sessions that were sent unpublished (D15), and those that are left to ASP's editors.
    """
    title = contract().session.title
    kept = select(KeptField.key).where(
        *of_place(KeptField, mapping), KeptField.kind == LinkKind.SESSION, KeptField.slug == title
    )
    pushed = db.session.scalars(
        select(Link.pushed)
        .where(*of_place(Link, mapping), Link.kind == LinkKind.SESSION)
        .where(~Link.unpublished, ~Link.gone, ~Link.hidden, Link.key.not_in(kept))
        .order_by(Link.pushed_at.desc(), Link.id.desc())
        .limit(MOST_TITLES)
    )
    return [str(each.get(title) or "") for each in pushed]


def _seen(address: str, titles: list[str]) -> dict[str, Any]:
    """What a look at the page tells of the titles; where there are none, nobody has to look."""
    if not titles:
        return {"next_at": None}
    try:
        page = read_page(address, private_allowed=current_settings().private_webhooks)
    except NotRead as problem:
        return {"problem": str(problem)}
    missing = not_named(titles, words_of(page))
    return {
        "problem": None,
        "expected": len(titles),
        "found": len(titles) - len(missing),
        "missing": missing[:MOST_NAMED],
        **({} if missing else {"seen_at": now(), "next_at": None}),
    }
