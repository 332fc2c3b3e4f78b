"""What can go wrong between the portal and ASP Events.

AspError
├── CredentialsRejected   ASP does not accept the API key and secret
├── NoAnswer              5xx, time-out or broken connection; `arrived` when the request may have been carried out
│   ├── Unreachable       the same after every try
│   └── ListChanged       a list was another one, or too short, each time that it was read
├── NotThere              404: unknown, or deleted in ASP
│   ├── SeminarGone       the seminar itself
│   └── SiteUnseen        the ASP event is not among those that the key may see
├── Duplicate             409: another record of the site has this e-mail
├── Intercepted           403, 406 or 413 with a page: something in front of ASP stopped the request
├── RecordRefused         400 or 422: ASP does not take these fields
├── UnexpectedAnswer      anything else that is no success
│   └── Unnamed           a create that was a success, but does not say of which record
├── NoTimeLeft            ASP asks to wait for longer than a page or a run waits
└── Stopped               the run was ended while a request was waiting
"""

from http import HTTPStatus

from portal.errors import PortalError
from portal.text.numbers import count


class AspError(PortalError):
    """ASP Events answered with something other than success, or not at all."""


class CredentialsRejected(AspError):
    """ASP does not accept the API key and secret."""

    def __init__(self) -> None:
        super().__init__("ASP Events did not accept this API key and secret.")


class NoAnswer(AspError):
    """One try went without a usable answer; `arrived` says whether it may have been carried out all the same.

    Where it `timed_out`, ASP may still be at work on it: that it is not there now does not say that it never will be.
    `status` is that of an answer that was an error of ASP's own (5xx).
    """

    def __init__(
        self, message: str, *, arrived: bool, timed_out: bool = False, status: int | None = None
    ) -> None:
        super().__init__(message)
        self.arrived = arrived
        self.timed_out = timed_out
        self.status = status


class Unreachable(NoAnswer):
    """Every try went without a usable answer."""


class ListChanged(NoAnswer):
    """A list changed while its pages were read, or ended before as many records came as it counts (E11).

    A record may be missing in it, or stand there twice.
    """

    def __init__(self, what: str = "") -> None:
        super().__init__(
            f"ASP’s list{f' of {what}' if what else ''} changed each time while it was read, or lacked records that "
            "it counts, so it is not certain what is there already. Nothing is created then. Sync again when fewer "
            "people work in ASP.",
            arrived=False,
        )


class NotThere(AspError):
    """ASP has no such record."""


class SeminarGone(NotThere):
    """The seminar that the mapping names is no longer there."""

    def __init__(self) -> None:
        super().__init__("The seminar is no longer there in ASP. Map the event to another one.")


class SiteUnseen(NotThere):
    """The ASP event that the mapping names is not among those that the key may see."""

    def __init__(self) -> None:
        super().__init__(
            "The ASP event is no longer there for this API key. See in ASP which events the key can see."
        )


class Duplicate(AspError):
    """ASP already has a record that must be unique, such as a speaker with this e-mail; `uuid` names it, if told."""

    def __init__(self, uuid: str | None) -> None:
        super().__init__(
            "ASP has such a record already and refused a second one (409). See whether it is hidden there."
        )
        self.uuid = uuid


class RecordRefused(AspError):
    """ASP does not take the record; `problems` maps each field's slug to ASP's words."""

    def __init__(self, message: str, problems: dict[str, str]) -> None:
        super().__init__(message)
        self.problems = problems


class Intercepted(AspError):
    """Something in front of ASP, a firewall or a proxy, stopped a request: neither the key nor ASP is at fault.

    Only what `wrote` carries a text that may look like an attack to it, or be too large.
    """

    def __init__(self, status: int, *, wrote: bool = True) -> None:
        too_large = status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        why = "it is too large for it" if too_large else "its text looks like an attack to it"
        suspicion = f", perhaps because {why}" if wrote else ""
        instead = ", or change the text, then sync again" if wrote else ", then try again"
        super().__init__(
            f"A firewall or proxy in front of ASP Events refused this ({status}){suspicion}. "
            f"ASP Events itself has not seen it, and the API key is not the cause. Ask whoever runs the website to "
            f"let requests from this portal’s address pass{instead}."
        )
        self.status = status


class UnexpectedAnswer(AspError):
    """ASP answered in a way that this portal does not know."""


class Unnamed(UnexpectedAnswer):
    """ASP took a create and did not answer with the record: it may be there, or come later (E11)."""

    def __init__(self, problem: UnexpectedAnswer) -> None:
        super().__init__(
            f"{problem} It is not in ASP’s list yet. Sync again later: it is looked for before it is sent again."
        )


class NoTimeLeft(AspError):
    """ASP asks to wait for longer than a page or a run waits."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"ASP Events asks to wait for {_duration(seconds)}. Try again after that.")


class Stopped(AspError):
    """The run was ended while a request was waiting for its turn."""

    def __init__(self) -> None:
        super().__init__("The run was ended.")


def _duration(seconds: float) -> str:
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= 2 * size:
            return count(round(seconds / size), name)
    return count(max(1, round(seconds)), "second")
