"""ASP Events in the portal's words: a small vocabulary over the transport. It has no way to delete anything."""

from collections.abc import Callable
from typing import Any

from portal.asp.contract import Contract
from portal.asp.errors import Intercepted, ListChanged, NoAnswer, NotThere, UnexpectedAnswer, Unnamed
from portal.asp.findings import Finding
from portal.asp.listing import Taken, list_of
from portal.asp.paths import filled_path
from portal.asp.probing import probe
from portal.asp.records import AspChoice, AspRecord, Seminar, Site
from portal.asp.transport import Transport

Wanted = Callable[[AspRecord], bool]


def everything(_record: AspRecord) -> bool:
    """Nothing of a list is left out."""
    return True


class AspClient:
    """One organisation's access to ASP. Every method raises AspError."""

    def __init__(self, transport: Transport, on_close: Callable[[], None] | None = None) -> None:
        self._transport = transport
        self._on_close = on_close
        self.contract: Contract = transport.contract
        self.tally = transport.tally
        self.waiting = transport.waiting
        self.first_pause = transport.first_pause
        self.timeout = transport.timeout

    def close(self) -> None:
        self._transport.close()
        if self._on_close:
            self._on_close()

    def check_credentials(self) -> None:
        """Ask for a token (A2)."""
        self._transport.check_credentials()

    def probe(self, site_uuid: str = "", seminar_id: str = "") -> list[Finding]:
        """What ASP says to each entry of the contract; reads only."""
        return probe(self._transport, site_uuid, seminar_id)

    def answers(self) -> bool:
        """Whether ASP answers at all: one reading, tried once (E12). Raises CredentialsRejected and Stopped."""
        try:
            self._list("ASP events", self.contract.paths.sites, _record, patient=False)
        except (Intercepted, ListChanged, NotThere, UnexpectedAnswer):
            return True
        except NoAnswer:
            return False
        return True

    def sites(self) -> list[Site]:
        """The sites that this API key can see."""
        names = self.contract.site

        def site(found: Any) -> Site:
            each = _record(found)
            timezone = _text(each, names.timezone, required=False)
            return Site(_text(each, names.uuid), _text(each, names.name), timezone or None)

        return self._list("ASP events", self.contract.paths.sites, site)

    def seminars(self, site_uuid: str) -> list[Seminar]:
        """A site's seminars, without their custom fields."""
        of_site = {self.contract.transport.site: site_uuid}
        found = self._list("seminars", self.contract.paths.seminars, self._seminar, of_site)
        return [seminar for seminar in found if seminar.site_uuid == site_uuid]

    def seminar(self, identifier: str, *, patient: bool = True) -> Seminar:
        """One seminar by its Uuid or its number, with its custom fields. Raises NotThere."""
        path = self._path("seminar", seminar=identifier)
        return self._seminar(self._transport.read(path, patient=patient))

    def session_types(self, seminar: str) -> list[str]:
        """The names of a seminar's session types, as ASP spells them."""
        path, name = self._path("session_types", seminar=seminar), self.contract.choice.name
        return self._list("session types", path, lambda each: _text(_record(each), name))

    def streams(self, seminar: str, *, patient: bool = True) -> list[AspChoice]:
        return self._choices("streams", seminar, patient)

    def locations(self, seminar: str, *, patient: bool = True) -> list[AspChoice]:
        return self._choices("locations", seminar, patient)

    def create_stream(self, seminar: str, values: dict[str, Any]) -> str:
        """Returns the new stream's Uuid. Tried once (E11)."""
        return self._created(self._path("streams", seminar=seminar), values)

    def update_stream(self, seminar: str, uuid: str, values: dict[str, Any]) -> None:
        self._transport.change(self._path("stream", seminar=seminar, uuid=uuid), values)

    def create_location(self, seminar: str, values: dict[str, Any]) -> str:
        """Returns the new location's Uuid. Tried once (E11)."""
        return self._created(self._path("locations", seminar=seminar), values)

    def sessions(self, seminar: str, wanted: Wanted = everything, *, patient: bool = True) -> list[AspRecord]:
        """The seminar's sessions, or those of them that are wanted. Raises ListChanged."""

        def take(found: Any) -> AspRecord | None:
            record = self._as_record(_record(found), self.contract.session)
            return record if wanted(record) else None

        path = self._path("sessions", seminar=seminar)
        return self._list("sessions", path, take, self._in_order(), patient=patient)

    def session(self, seminar: str, uuid: str) -> AspRecord:
        """One session. Raises NotThere when it was deleted in ASP."""
        path = self._path("session", seminar=seminar, uuid=uuid)
        return self._as_record(_record(self._transport.read(path)), self.contract.session)

    def create_session(self, seminar: str, values: dict[str, Any], *, published: bool) -> str:
        """Returns the new session's Uuid. Tried once (E11)."""
        body = {**self._nested("session", values), self.contract.session.published: published}
        return self._created(self._path("sessions", seminar=seminar), body)

    def update_session(
        self, seminar: str, uuid: str, values: dict[str, Any], *, published: bool | None = None
    ) -> None:
        """Change the given fields alone. Raises NotThere when it was deleted in ASP."""
        body = self._nested("session", values)
        if published is not None:
            body[self.contract.session.published] = published
        self._transport.change(self._path("session", seminar=seminar, uuid=uuid), body)

    def speakers(
        self, site_uuid: str, wanted: Wanted = everything, *, patient: bool = True
    ) -> list[AspRecord]:
        """The site's speakers, or those of them that are wanted. Raises ListChanged."""

        def take(found: Any) -> AspRecord | None:
            if _record(found).get(self.contract.speaker.site, site_uuid) != site_uuid:
                return None
            record = self._as_record(found, self.contract.speaker)
            return record if wanted(record) else None

        params = {self.contract.transport.site: site_uuid, **self._in_order()}
        return self._list("speakers", self.contract.paths.speakers, take, params, patient=patient)

    def speaker(self, uuid: str) -> AspRecord:
        """One speaker. Raises NotThere when it was deleted in ASP."""
        path = self._path("speaker", uuid=uuid)
        return self._as_record(_record(self._transport.read(path)), self.contract.speaker)

    def create_speaker(self, site_uuid: str, values: dict[str, Any]) -> str:
        """Returns the new speaker's Uuid. Tried once (E11). Raises Duplicate for a taken e-mail."""
        names = self.contract.speaker
        body = {**self._nested("speaker", values), names.site: site_uuid, names.active: True}
        return self._created(self.contract.paths.speakers, body)

    def update_speaker(self, uuid: str, values: dict[str, Any], *, active: bool | None = None) -> None:
        """Change the given fields alone. Raises NotThere or Duplicate."""
        body = self._nested("speaker", values)
        if active is not None:
            body[self.contract.speaker.active] = active
        self._transport.change(self._path("speaker", uuid=uuid), body)

    def _path(self, name: str, **parts: str) -> str:
        return filled_path(getattr(self.contract.paths, name), parts)

    def _in_order(self) -> dict[str, str]:
        """A fixed order, so that no record is missed between two pages while others are made."""
        names = self.contract.transport
        return {names.sort: names.sort_by}

    def _list(
        self,
        what: str,
        path: str,
        take: Callable[[Any], Taken | None],
        params: dict[str, Any] | None = None,
        *,
        patient: bool = True,
    ) -> list[Taken]:
        with list_of(what):
            return self._transport.read_list(path, take, params, patient=patient)

    def _created(self, path: str, body: dict[str, Any]) -> str:
        made = self._transport.create_once(path, body)
        try:
            return _text(_record(made), self.contract.session.uuid)
        except UnexpectedAnswer as problem:
            raise Unnamed(problem) from problem

    def _choices(self, kind: str, seminar: str, patient: bool) -> list[AspChoice]:
        names = self.contract.choice

        def choice(found: Any) -> AspChoice:
            each = _record(found)
            colour = _text(each, names.colour, required=False)
            return AspChoice(_text(each, names.uuid), _text(each, names.name), colour or None)

        return self._list(kind, self._path(kind, seminar=seminar), choice, patient=patient)

    def _seminar(self, answer: Any) -> Seminar:
        names, found = self.contract.seminar, _record(answer)
        custom = found.get(names.custom_fields)
        return Seminar(
            uuid=_text(found, names.uuid),
            number=_text(found, names.number, required=False),
            name=_text(found, names.name, required=False),
            site_uuid=_text(found, names.site),
            custom_fields={
                _text(each, names.custom_slug): _text(each, names.custom_type, required=False)
                for each in (custom if isinstance(custom, list) else [])
                if isinstance(each, dict)
            },
        )

    def _nested(self, kind: str, values: dict[str, Any]) -> dict[str, Any]:
        """Put the slugs that are custom fields where ASP expects them."""
        native = self.contract.native_slugs(kind)
        body = {slug: value for slug, value in values.items() if slug in native}
        custom = {slug: value for slug, value in values.items() if slug not in native}
        if custom:
            group = self.contract.session if kind == "session" else self.contract.speaker
            body[group.custom_fields] = custom
        return body

    @staticmethod
    def _as_record(found: dict[str, Any], names: Any) -> AspRecord:
        custom = found.get(names.custom_fields)
        values = {**found, **(custom if isinstance(custom, dict) else {})}
        return AspRecord(_text(found, names.uuid), values, _text(found, names.created, required=False))


def _record(found: Any) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise UnexpectedAnswer("ASP Events answered with something else where a record was expected.")
    return found


def _text(found: dict[str, Any], key: str, *, required: bool = True) -> str:
    value = found.get(key)
    if type(value) in (str, int) and value != "":
        return str(value)
    if required:
        raise UnexpectedAnswer(f"ASP Events sent a record without {key}.")
    return ""
