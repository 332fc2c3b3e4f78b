"""Makes a record once and only once (E11): a lost answer is looked for before the create is repeated."""

import logging
from collections.abc import Callable

from portal.asp.client import AspClient
from portal.asp.errors import NoAnswer, Unnamed, Unreachable
from portal.asp.patience import WRITE_TRIES, tries
from portal.asp.records import AspRecord
from portal.asp.transport import UNREACHABLE
from portal.sync.pushing.lookouts import Lookout

log = logging.getLogger(__name__)

LOOKED_FOR = 2  # time-outs after the first one for which a create may still be carried out


class Creator:
    """Makes records, and remembers which creates were repeated after a time-out."""

    def __init__(self, client: AspClient, lookouts: dict[str, Lookout]) -> None:
        self._client = client
        self._lookouts = lookouts
        self._double_until = float("-inf")  # until when the first of a repeated create may still arrive
        self.repeated: list[tuple[str, str]] = []  # by kind and key

    def create(
        self, kind: str, key: str, make: Callable[[], str], *, look_first: bool = False
    ) -> tuple[str, AspRecord | None]:
        """The Uuid, and the record where it was found and not made. Raises AspError.

        After a time-out ASP may still be at work on it, so it is looked for until it can hardly come any more.
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
            except Unnamed:  # it may come later: it is looked for, and never repeated
                found = self._look(kind, key, clock(), float("-inf"))
                if found is None:
                    raise
                return found.uuid, found
            except NoAnswer as problem:
                log.warning("No answer from ASP to the making of a %s: %s", kind, problem)
                if problem.arrived:
                    lost_at = clock()
                if problem.timed_out:
                    self._client.tally.create_timed_out_at = clock()
                    may_come_until = clock() + LOOKED_FOR * self._client.timeout
                if last:
                    raise Unreachable(
                        UNREACHABLE, arrived=problem.arrived, status=problem.status
                    ) from problem
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
        """What ASP has twice because a create was repeated after a time-out, in an admin's words (E11, I4).

        Raises AspError. Speakers are not among them: ASP itself refuses a second one with the same e-mail.
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
