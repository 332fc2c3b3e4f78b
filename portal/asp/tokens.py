"""The token in use: shared by the threads of a run, renewed shortly before it expires or when ASP refuses it."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from portal.asp.answers import Answer, value_of
from portal.asp.contract import TransportNames
from portal.asp.errors import NoAnswer, UnexpectedAnswer

# A token is renewed when a tenth of its life is left, or half a minute: no request is under way for longer than the
# twelve seconds that PORTAL_ASP_TIMEOUT is by default, so none ends with a token that was over on the way.
RESERVE = 0.1
LONGEST_RESERVE = 30.0


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token; moments are those of the run's clock."""

    text: str = field(repr=False)
    asked_at: float
    stale_at: float


class Tokens:
    """Keeps the token. `ask` sends the request for one, and returns ASP's answer when it is a success."""

    def __init__(self, ask: Callable[[], Answer], names: TransportNames, clock: Callable[[], float]) -> None:
        self._ask = ask
        self._names = names
        self._clock = clock
        self._lock = threading.Lock()
        self._token: Token | None = None
        self._failed_at = float("-inf")

    def current(self, instead_of: Token | None = None) -> Token:
        """The token in use; a new one when it is about to expire or is the one that was just refused.

        A thread that waited while another asked in vain shares its failure: otherwise each in turn would wait for
        ASP as long again. Raises AspError.
        """
        began = self._clock()
        with self._lock:
            token = self._token
            if token is None or token is instead_of or self._clock() >= token.stale_at:
                if self._failed_at > began:
                    raise NoAnswer("ASP gave no token", arrived=False)
                try:
                    token = self.fresh()
                except NoAnswer as problem:
                    self._failed_at = self._clock()
                    raise NoAnswer(f"ASP gave no token: {problem}", arrived=False) from problem
                self._token = token
            return token

    def fresh(self) -> Token:
        """A new token, which is not kept. Raises AspError."""
        asked = self._clock()
        answer = self._ask()
        body = value_of(answer)
        text = body.get(self._names.token_key) if isinstance(body, dict) else body
        if not isinstance(text, str) or not text or not (text.isascii() and text.isprintable()):
            raise UnexpectedAnswer("ASP Events gave no token that could be used.")
        lifetime = self._lifetime(answer)
        return Token(text, asked, asked + lifetime - min(LONGEST_RESERVE, lifetime * RESERVE))

    def _lifetime(self, answer: Answer) -> float:
        header = answer.headers.get(self._names.token_lifetime_header, "")
        found = re.search(rf"{re.escape(self._names.token_lifetime_key)}\s*=\s*\"?(\d+)", header)
        return float(found.group(1)) if found else float(self._names.token_seconds)
