"""Holds the contract against an ASP account, entry by entry: reads only, and reports no record's content.

What a new customer runs first. Each reading below judges the entries that it shows; what no reading shows stays open.
"""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from portal.asp.answers import Answer, value_of
from portal.asp.errors import NoAnswer, NotThere, UnexpectedAnswer
from portal.asp.findings import Finding, Findings
from portal.asp.paths import filled_path
from portal.asp.transport import Transport

Records = list[dict[str, Any]]

MOST = 200  # records of a kind that are looked at: enough that a field which is used stands in one of them
SESSIONS_OF_SITE = "/public/sessions"  # where the one public reader of the API lists them
NO_TOKEN = "Nothing could be read, as ASP gave no token."  # noqa: S105
CUSTOM = ("sessionboard_id", "content", "level", "moderators", "chairpersons")


def probe(transport: Transport, site_uuid: str = "", seminar_id: str = "") -> list[Finding]:
    """A finding for every entry of the contract. Without a place, the account's first seminar is looked at.

    Raises AspError where ASP refuses the key or does not answer, and NotThere where it has not the named place.
    """
    return _Probe(transport).look(site_uuid, seminar_id)


class _Probe:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._contract = transport.contract
        self._names = transport.contract.transport
        self._findings = Findings(transport.contract)

    def look(self, site_uuid: str, seminar_id: str) -> list[Finding]:
        if not self._look_at_token():
            return self._findings.all(otherwise=NO_TOKEN)
        sites = self._list("sites", "paths.sites")
        self._findings.judge_keys("site", "ASP event", sites, leaving_out=["timezone"])
        self._look_at_timezone(sites)
        self._require_site(site_uuid, sites)
        site = site_uuid or self._first(sites, self._contract.site.uuid)
        seminars = self._look_at_seminars(site, len(sites))
        seminar = self._look_at_seminar(seminar_id, self._first(seminars, self._contract.seminar.uuid))
        self._look_at_choices(seminar)
        sessions = self._look_at_sessions(seminar, site)
        speakers = self._look_at_speakers(site)
        self._look_at_paging(seminar, site, len(sessions), len(speakers))
        self._look_at_errors()
        return self._findings.all()

    def _look_at_token(self) -> bool:
        """Whether there is one to read on with."""
        try:
            answer = self._transport.show_token_answer()
        except (NotThere, UnexpectedAnswer) as problem:
            self._findings.contradict("paths.token", f"ASP gave no token there: {problem}")
            return False
        self._findings.confirm("paths.token")
        body = value_of(answer)
        if isinstance(body, dict):
            key = self._names.token_key
            others = ", ".join(sorted(body))
            self._findings.judge(
                "transport.token_key", key in body, f"The answer has no “{key}”; names there: {others}."
            )
        else:
            self._findings.leave_open("transport.token_key", "ASP answers with the token alone.")
        header = answer.headers.get(self._names.token_lifetime_header)
        if header is None:
            note = f"No such header came; {self._names.token_seconds} seconds are assumed."
            self._findings.leave_open("transport.token_lifetime_header", note)
            self._findings.leave_open("transport.token_lifetime_key", note)
        else:
            self._findings.confirm("transport.token_lifetime_header")
            found = self._names.token_lifetime_key in header
            self._findings.judge("transport.token_lifetime_key", found, "The header does not hold it.")
        return not isinstance(body, dict) or self._names.token_key in body

    def _require_site(self, named: str, sites: Records) -> None:
        listed = [each.get(self._contract.site.uuid) for each in sites]
        if named and 0 < len(sites) < MOST and all(listed) and named not in listed:
            raise NotThere(f"This API key sees no ASP event “{named}”.")

    def _look_at_timezone(self, sites: Records) -> None:
        key = self._contract.site.timezone
        if any(each.get(key) for each in sites):
            self._findings.confirm("site.timezone")
        else:
            self._findings.leave_open("site.timezone", "ASP tells no timezone of these ASP events.")

    def _look_at_seminars(self, site: str, sites: int) -> Records:
        names, key = self._names, self._contract.seminar.site
        seminars = self._list("seminars", "paths.seminars", {names.site: site} if site else {})
        left_out = ["custom_fields", "custom_slug", "custom_type"]
        self._findings.judge_keys("seminar", "seminar", seminars, left_out)
        if sites < 2 or not site:
            self._findings.leave_open("transport.site", "The API key sees one ASP event at most.")
        elif seminars and all(key in each for each in seminars):
            alone = all(each[key] == site for each in seminars)
            self._findings.judge("transport.site", alone, "Seminars of other ASP events came as well.")
        return seminars

    def _look_at_seminar(self, named: str, first: str) -> str:
        """Judge one seminar read by itself, the one that was named or else the first; its Uuid."""
        identifier = named or first
        if not identifier:
            return ""
        answer = self._read_seminar(identifier)
        found = _value(answer)
        if not isinstance(found, dict):
            if first not in ("", identifier) and isinstance(_value(self._read_seminar(first)), dict):
                raise NotThere(f"ASP has no seminar “{named}”.")
            self._findings.contradict("paths.seminar", _said(answer))
            return identifier
        self._findings.confirm("paths.seminar")
        names = self._contract.seminar
        custom = found.get(names.custom_fields)
        if not isinstance(custom, list):
            others = ", ".join(sorted(found))
            self._findings.contradict(
                "seminar.custom_fields",
                f"A seminar has no list “{names.custom_fields}”; names there: {others}.",
            )
        else:
            self._findings.confirm("seminar.custom_fields")
            self._look_at_custom_fields([each for each in custom if isinstance(each, dict)])
        return str(found.get(names.uuid) or identifier)

    def _look_at_custom_fields(self, custom: Records) -> None:
        names, values = self._contract.seminar, self._contract.values
        for entry, key in (("custom_slug", names.custom_slug), ("custom_type", names.custom_type)):
            if not custom:
                self._findings.leave_open(f"seminar.{entry}", "The seminar has no custom fields.")
            else:
                found = any(key in each for each in custom)
                self._findings.judge(f"seminar.{entry}", found, f"No custom field has “{key}”.")
        types = {str(each.get(names.custom_slug)): str(each.get(names.custom_type)) for each in custom}
        for entry in CUSTOM:
            slug = getattr(self._contract.session, entry)
            if slug in types:
                self._findings.confirm(f"session.{entry}")
            elif entry == "sessionboard_id":
                self._findings.contradict(
                    f"session.{entry}",
                    f"The seminar has no custom field “{slug}”: nothing can sync without it.",
                )
            else:
                self._findings.leave_open(
                    f"session.{entry}", f"The seminar has no custom field “{slug}”, which is optional."
                )
        for entry in ("text_type", "checkbox_type", "url_type", "speaker_list_type"):
            name = getattr(values, entry)
            if name in types.values():
                self._findings.confirm(f"values.{entry}")
            else:
                seen = ", ".join(sorted(set(types.values()))) or "none"
                self._findings.leave_open(
                    f"values.{entry}", f"No custom field is “{name}”; types there: {seen}."
                )

    def _look_at_choices(self, seminar: str) -> None:
        if not seminar:
            return
        types = self._list_inside("session_types", seminar)
        streams = self._list_inside("streams", seminar)
        locations = self._list_inside("locations", seminar)
        everything = [*types, *streams, *locations]
        self._findings.judge_keys("choice", "type, stream or location", everything, ["colour"])
        self._findings.judge_keys("choice", "stream", streams, ["uuid", "name"])
        default, key = self._contract.values.default_session_type, self._contract.choice.name
        if any(key in each for each in types):
            self._findings.judge(
                "values.default_session_type",
                any(each.get(key) == default for each in types),
                f"The seminar has no session type “{default}”.",
            )

    def _look_at_sessions(self, seminar: str, site: str) -> Records:
        if not seminar:
            return []
        sessions = self._list_inside("sessions", seminar)
        at_top = self._transport.look(SESSIONS_OF_SITE, {self._names.site: site, self._names.limit: 1})
        says = "answers" if isinstance(_value(at_top), list) else "does not answer"
        self._findings.add_note("paths.sessions", f"{SESSIONS_OF_SITE}, the other list path, {says}.")
        self._findings.judge_keys("session", "session", sessions, CUSTOM)
        starts = [each.get(self._contract.session.starts_at) for each in sessions]
        self._look_at_times([each for each in starts if isinstance(each, str) and each])
        self._look_at_one("session", sessions, self._contract.session.uuid, seminar)
        return sessions

    def _look_at_times(self, times: list[str]) -> None:
        if times:
            fits = all(_fits(each, self._contract.values.time) for each in times)
            shape = "".join("9" if letter.isdigit() else letter for letter in times[0])
            self._findings.judge("values.time", fits, f"Times look like {shape}.")

    def _look_at_speakers(self, site: str) -> Records:
        params = {self._names.site: site} if site else {}
        speakers = self._list("speakers", "paths.speakers", params)
        self._findings.judge_keys("speaker", "speaker", speakers)
        self._look_at_one("speaker", speakers, self._contract.speaker.uuid)
        return speakers

    def _look_at_one(self, kind: str, records: Records, key: str, seminar: str = "") -> None:
        uuid = self._first(records, key)
        if uuid:
            answer = self._transport.look(self._path(kind, seminar=seminar, uuid=uuid))
            self._findings.judge(f"paths.{kind}", isinstance(_value(answer), dict), _said(answer))
        else:
            self._findings.leave_open(f"paths.{kind}", f"ASP has no {kind} to look at.")

    def _look_at_paging(self, seminar: str, site: str, sessions: int, speakers: int) -> None:
        """With the longer of the two lists: one record at a time, from the first, the second and the end."""
        names = self._names
        if max(sessions, speakers) < 2:
            for entry in ("offset", "limit", "sort", "sort_by", "page_size", "total_header"):
                self._findings.leave_open(f"transport.{entry}", "ASP has no list of two records to look at.")
            return
        path = self._path("speakers") if speakers >= sessions else self._path("sessions", seminar=seminar)
        own = {names.site: site} if speakers >= sessions else {}

        def page(**query: Any) -> tuple[Answer, Any]:
            answer = self._transport.look(path, {**own, **query})
            return answer, _value(answer)

        answer, first = page(**{names.limit: 1, names.offset: 0})
        self._findings.judge(
            "transport.limit", isinstance(first, list) and len(first) == 1, "It does not shorten a list."
        )
        total = answer.headers.get(names.total_header, "")
        self._findings.judge("transport.total_header", total.isdigit(), "A list comes without this header.")
        second = page(**{names.limit: 1, names.offset: 1})[1]
        self._findings.judge("transport.offset", second != first, "It does not move on in a list.")
        large = page(**{names.limit: names.page_size})[0]
        self._findings.judge("transport.page_size", large.status == HTTPStatus.OK, _said(large))
        forwards = page(**{names.sort: names.sort_by, names.limit: 1})
        backwards = page(**{names.sort: f"-{names.sort_by}", names.limit: 1})
        refused = forwards[0].status != HTTPStatus.OK
        differs = forwards[1] != backwards[1]
        self._findings.judge("transport.sort", refused or differs, "It does not order a list.")
        if refused or differs:
            self._findings.judge("transport.sort_by", not refused, "A list cannot be ordered by it.")

    def _look_at_errors(self) -> None:
        answer = self._read_seminar("no-such-seminar")
        body = _value(answer, of_errors=True)
        if answer.status == HTTPStatus.NOT_FOUND and isinstance(body, dict):
            key = self._names.error
            seen = ", ".join(sorted(body))
            self._findings.judge(
                "transport.error", key in body, f"An error has no “{key}”; names there: {seen}."
            )

    def _read_seminar(self, identifier: str) -> Answer:
        return self._transport.look(self._path("seminar", seminar=identifier))

    def _list(self, path: str, entry: str, params: dict[str, Any] | None = None) -> Records:
        return self._records(self._path(path), entry, params)

    def _list_inside(self, path: str, seminar: str) -> Records:
        return self._records(self._path(path, seminar=seminar), f"paths.{path}")

    def _records(self, path: str, entry: str, params: dict[str, Any] | None = None) -> Records:
        answer = self._transport.look(path, {**(params or {}), self._names.limit: MOST})
        found = _value(answer)
        self._findings.judge(entry, isinstance(found, list), _said(answer))
        return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []

    def _path(self, name: str, **parts: str) -> str:
        return filled_path(getattr(self._contract.paths, name), parts)

    @staticmethod
    def _first(records: Records, key: str) -> str:
        return next((str(each[key]) for each in records if each.get(key)), "")


def _value(answer: Answer, *, of_errors: bool = False) -> Any:
    """The JSON value of a success (or of any answer); None for anything else."""
    if answer.status != HTTPStatus.OK and not of_errors:
        return None
    try:
        return value_of(answer)
    except NoAnswer:
        return None


def _said(answer: Answer) -> str:
    return f"ASP answered {answer.status}, with something else than was expected."


def _fits(text: str, shape: str) -> bool:
    try:
        return datetime.strptime(text, shape).strftime(shape) == text
    except ValueError:
        return False
