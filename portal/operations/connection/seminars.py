"""An ASP event's seminars, and whether each can take a sync (B3)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from portal.asp.client import AspClient
from portal.asp.contract import Contract
from portal.asp.errors import AspError
from portal.asp.records import Seminar
from portal.models import Organisation
from portal.operations.connection.clients import asking, contract
from portal.sync.planning.columns import session_columns
from portal.sync.planning.fields import default_rows, find_field
from portal.sync.planning.snapshot import Offer, Rules

MOST_JUDGED = 12  # seminars of a site that are looked at one by one; the others are offered all the same
AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class SeminarChoice:
    """A seminar to choose. `ready` is None where it was not looked at; `words` say what it lacks."""

    number: str
    name: str
    ready: bool | None = None
    words: str = ""


def list_seminars(organisation: Organisation, site_uuid: str) -> list[SeminarChoice]:
    """An ASP event's seminars. Raises AspError, and Refused when not connected."""
    known = contract()
    with asking(organisation) as client:
        found = client.seminars(site_uuid)
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="asp") as threads:
            looked = list(threads.map(lambda each: _look(client, each), found[:MOST_JUDGED]))
    choices = [
        _judge(each, known) if each else SeminarChoice(listed.number, listed.name)
        for listed, each in zip(found, looked, strict=False)
    ]
    return choices + [SeminarChoice(each.number, each.name) for each in found[MOST_JUDGED:]]


def _look(client: AspClient, listed: Seminar) -> Seminar | None:
    """The seminar with its custom fields, which the list leaves out; None when ASP does not tell it now."""
    try:
        return client.seminar(listed.uuid)
    except AspError:
        return None


def _judge(seminar: Seminar, known: Contract) -> SeminarChoice:
    """Whether it has the custom fields of D8, by their default slugs."""
    rules = Rules(default_rows(known, "session"), default_rows(known, "speaker"))
    columns = session_columns(rules, Offer(custom_fields=seminar.custom_fields, session_types=()), known)
    if columns.missing_required:
        words = f"no field {known.session.sessionboard_id}: it cannot take a sync yet"
        return SeminarChoice(seminar.number, seminar.name, ready=False, words=words)
    lacking = [
        find_field("session", row.field).label for row in rules.session_fields if not columns.has(row.field)
    ]
    words = f"ready, without {', '.join(lacking)}" if lacking else "ready"
    return SeminarChoice(seminar.number, seminar.name, ready=True, words=words)
