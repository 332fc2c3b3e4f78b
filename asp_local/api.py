"""The resources under /public, as the API's description says."""

from collections.abc import Callable

from asp_local.answers import duplicate, error_answer, json_answer, not_found, read_object, unprocessable
from asp_local.kinds import LOCATIONS, NEEDED_TEXT, SEMINARS, SESSIONS, SITES, SPEAKERS, STREAMS, Kind, Record
from asp_local.listing import list_answer
from asp_local.seed import Account
from asp_local.store import Store, Stored, new_uuid, timestamp, to_json
from asp_local.validation import Surroundings, find_problems
from asp_local.wire import Answer, Request

Handler = Callable[[Request, Account, list[str]], Answer]

INSIDE_SEMINARS = {kind.name: kind for kind in (STREAMS, LOCATIONS, SESSIONS)}


class Api:
    """Answers requests whose sender is known; raises Refusal."""

    def __init__(self, store: Store) -> None:
        self._store = store
        seminar = "/public/seminars/{id}"
        self._routes: dict[str, dict[str, Handler]] = {
            "/public/sites": {"GET": self._list_sites},
            "/public/seminars": {"GET": self._list_seminars},
            seminar: {"GET": self._show_seminar},
            f"{seminar}/sessiontypes": {"GET": self._list_session_types},
            f"{seminar}/streams": {"GET": self._list_inside, "POST": self._create_inside},
            f"{seminar}/streams/{{id}}": {"PUT": self._change_inside},
            f"{seminar}/locations": {"GET": self._list_inside, "POST": self._create_inside},
            f"{seminar}/sessions": {"GET": self._list_inside, "POST": self._create_inside},
            f"{seminar}/sessions/{{id}}": {"GET": self._show_inside, "PUT": self._change_inside},
            "/public/speakers": {"GET": self._list_speakers, "POST": self._create_speaker},
            "/public/speakers/{id}": {"GET": self._show_speaker, "PUT": self._change_speaker},
        }

    def methods(self, pattern: str) -> list[str]:
        """The methods of a path; none when the path is unknown."""
        return list(self._routes.get(pattern, ()))

    def answer(self, request: Request, pattern: str, account: Account) -> Answer:
        """Answer one of the `methods` of a path."""
        return self._routes[pattern][request.method](request, account, request.segments()[1:])

    def _list_sites(self, request: Request, account: Account, _ids: list[str]) -> Answer:
        sites = [each for each in self._store.every(SITES) if each.record["Uuid"] in account.sites]
        return list_answer(SITES, sites, request.path, request.query)

    def _list_seminars(self, request: Request, account: Account, _ids: list[str]) -> Answer:
        seminars = [each for each in self._store.every(SEMINARS) if each.record["SiteUuid"] in account.sites]
        return list_answer(SEMINARS, seminars, request.path, request.query)

    def _show_seminar(self, _request: Request, account: Account, path: list[str]) -> Answer:
        seminar = self._seminar(account, path[1])
        return json_answer({name: value for name, value in seminar.items() if name != "SessionTypes"})

    def _list_session_types(self, request: Request, account: Account, path: list[str]) -> Answer:
        seminar = self._seminar(account, path[1])
        return list_answer(SESSION_TYPES, session_types(seminar), request.path, request.query)

    def _list_inside(self, request: Request, account: Account, path: list[str]) -> Answer:
        seminar = self._seminar(account, path[1])
        kind = INSIDE_SEMINARS[path[2]]
        return list_answer(kind, self._store.inside(kind, seminar["Uuid"]), request.path, request.query)

    def _show_inside(self, _request: Request, account: Account, path: list[str]) -> Answer:
        return Answer(200, self._inside(self._seminar(account, path[1]), path).answer)

    def _create_inside(self, request: Request, account: Account, path: list[str]) -> Answer:
        sent = read_object(request)
        with self._store.lock:
            seminar = self._seminar(account, path[1])
            kind = INSIDE_SEMINARS[path[2]]
            self._check(kind, sent, Surroundings(self._store, seminar["SiteUuid"], seminar), None)
            return self._create(kind, sent | {"SeminarUuid": seminar["Uuid"]})

    def _change_inside(self, request: Request, account: Account, path: list[str]) -> Answer:
        sent = read_object(request)
        with self._store.lock:
            seminar = self._seminar(account, path[1])
            stored = self._inside(seminar, path)
            surroundings = Surroundings(self._store, seminar["SiteUuid"], seminar)
            self._check(stored.kind, sent, surroundings, stored.record)
            return self._change(stored, sent)

    def _list_speakers(self, request: Request, account: Account, _ids: list[str]) -> Answer:
        speakers = [each for each in self._store.every(SPEAKERS) if each.record["SiteUuid"] in account.sites]
        return list_answer(SPEAKERS, speakers, request.path, request.query)

    def _show_speaker(self, _request: Request, account: Account, path: list[str]) -> Answer:
        return Answer(200, self._speaker(account, path[1]).answer)

    def _create_speaker(self, request: Request, account: Account, _path: list[str]) -> Answer:
        sent = read_object(request)
        with self._store.lock:
            site = sent.pop("SiteUuid", None)
            message = None
            if site is None:
                message = "SiteUuid is required."
            elif not isinstance(site, str) or site not in account.sites or not self._store.find(SITES, site):
                message = f"{site} is no site of this account."
            self._check(SPEAKERS, sent, Surroundings(self._store, str(site)), None, {"SiteUuid": message})
            self._refuse_duplicate(str(site), sent)
            return self._create(SPEAKERS, sent | {"SiteUuid": site})

    def _change_speaker(self, request: Request, account: Account, path: list[str]) -> Answer:
        sent = read_object(request)
        with self._store.lock:
            stored = self._speaker(account, path[1])
            site = stored.record["SiteUuid"]
            message = None if sent.pop("SiteUuid", site) == site else "SiteUuid cannot be changed."
            surroundings = Surroundings(self._store, site)
            self._check(SPEAKERS, sent, surroundings, stored.record, {"SiteUuid": message})
            self._refuse_duplicate(site, sent, stored.record["Uuid"])
            return self._change(stored, sent)

    def _seminar(self, account: Account, uuid_or_number: str) -> Record:
        seminar = self._store.find_seminar(uuid_or_number)
        if seminar is None or seminar.record["SiteUuid"] not in account.sites:
            raise not_found("seminar")
        return seminar.record

    def _inside(self, seminar: Record, path: list[str]) -> Stored:
        kind = INSIDE_SEMINARS[path[2]]
        stored = self._store.find(kind, path[3])
        if stored is None or stored.record["SeminarUuid"] != seminar["Uuid"]:
            raise not_found(kind.noun)
        return stored

    def _speaker(self, account: Account, uuid: str) -> Stored:
        stored = self._store.find(SPEAKERS, uuid)
        if stored is None or stored.record["SiteUuid"] not in account.sites:
            raise not_found("speaker")
        return stored

    def _check(
        self,
        kind: Kind,
        sent: Record,
        surroundings: Surroundings,
        stored: Record | None,
        found_before: dict[str, str | None] | None = None,
    ) -> None:
        before = [{"field": name, "message": text} for name, text in (found_before or {}).items() if text]
        problems = before + find_problems(kind, sent, surroundings, stored)
        if problems:
            raise unprocessable(problems)

    def _refuse_duplicate(self, site: str, sent: Record, own_uuid: str | None = None) -> None:
        holder = self._store.speaker_with_email(site, sent["Email"], own_uuid) if "Email" in sent else None
        if holder:
            raise duplicate(holder)

    def _create(self, kind: Kind, record: Record) -> Answer:
        stamps = dict.fromkeys(("Created", "Modified"), timestamp()) if kind.stamped else {}
        return Answer(201, self._store.put(kind, record | {"Uuid": new_uuid()} | stamps).answer)

    def _change(self, stored: Stored, sent: Record) -> Answer:
        if not sent:
            return Answer(200, stored.answer)
        return Answer(200, self._store.put(stored.kind, merge(stored, sent)).answer)


SESSION_TYPES = Kind("sessiontypes", "session type", {"Name": NEEDED_TEXT})


def session_types(seminar: Record) -> list[Stored]:
    """The seminar's session types in the form that lists are made of."""
    return [Stored(SESSION_TYPES, each, to_json(each)) for each in seminar["SessionTypes"]]


def merge(stored: Stored, sent: Record) -> Record:
    """The record with the sent fields replaced, and its custom values replaced slug by slug."""
    merged = stored.record | sent
    if stored.kind.stamped:
        merged["CustomFields"] = stored.record["CustomFields"] | sent.get("CustomFields", {})
        merged["Modified"] = sent.get("Modified") or timestamp()
    return merged


def method_not_allowed(methods: list[str]) -> Answer:
    """405, with the methods that the path has."""
    return error_answer(405, "This method is not allowed here.", {"Allow": ", ".join(methods)})
