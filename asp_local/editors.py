"""What an editor does by hand in ASP: changes records without the API's rules. For tests and demos."""

from asp_local.answers import bad_request, json_answer, not_found, read_object
from asp_local.api import merge, method_not_allowed
from asp_local.kinds import KINDS, SEMINARS, SITES, Kind, Record
from asp_local.seed import session_type_uuid
from asp_local.store import Store, Stored, new_uuid, timestamp
from asp_local.validation import shape_problem
from asp_local.wire import Answer, Request


class Editors:
    """Answers /_records; raises Refusal."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def answer(self, request: Request, path: list[str]) -> Answer:
        """Answer a request for what follows /_records in the path."""
        if not path:
            return (
                json_answer(self._store.snapshot())
                if request.method == "GET"
                else method_not_allowed(["GET"])
            )
        kind = KINDS.get(path[0])
        if kind is None or len(path) > 2:
            raise not_found("kind of record")
        if len(path) == 1:
            return self._create(kind, request) if request.method == "POST" else method_not_allowed(["POST"])
        with self._store.lock:
            stored = self._store.find(kind, path[1])
            if stored is None:
                raise not_found(kind.noun)
            if request.method == "PUT":
                return self._change(stored, request)
            if request.method == "DELETE":
                self._store.remove(kind, path[1])
                return json_answer(stored.record)
        return method_not_allowed(["PUT", "DELETE"])

    def _create(self, kind: Kind, request: Request) -> Answer:
        sent = read_object(request)
        _check_shapes(kind, sent)
        with self._store.lock:
            if kind.parent:
                parents = SITES if kind.parent == "SiteUuid" else SEMINARS
                if self._store.find(parents, sent.get(kind.parent, "")) is None:
                    raise bad_request(f"{kind.parent} must be the Uuid of a {parents.noun}.")
            now = timestamp()
            record = {"Uuid": new_uuid(), "Created": now, "Modified": now} | sent
            if self._store.find(kind, record["Uuid"]):
                raise bad_request("There is a record with this Uuid already.")
            return json_answer(self._store.put(kind, _with_type_uuids(kind, record)).record, 201)

    def _change(self, stored: Stored, request: Request) -> Answer:
        sent = read_object(request)
        _check_shapes(stored.kind, sent)
        if sent.get("Uuid", stored.record["Uuid"]) != stored.record["Uuid"]:
            raise bad_request("A Uuid cannot be changed.")
        changed = _with_type_uuids(stored.kind, merge(stored, sent))
        return json_answer(self._store.put(stored.kind, changed).record)


def _check_shapes(kind: Kind, sent: Record) -> None:
    for name, value in sent.items():
        if name in kind.read_only():
            problem = None if isinstance(value, str) and value else f"{name} must be a text."
        elif name in kind.fields:
            problem = shape_problem(name, kind.fields[name].shape, value)
        else:
            problem = f"{name} is not a field of a {kind.noun}."
        if problem:
            raise bad_request(problem)


def _with_type_uuids(kind: Kind, record: Record) -> Record:
    if kind is not SEMINARS:
        return record
    types = [
        {"Uuid": session_type_uuid(record["Uuid"], str(each.get("Name")))} | each
        for each in record.get("SessionTypes", [])
    ]
    return record | {"SessionTypes": types}
