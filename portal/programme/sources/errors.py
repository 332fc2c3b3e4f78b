"""What can go wrong between the portal and a source of programmes. Every message names the source.

SourceError
├── TokenRejected         401: a person is needed (A6)
│   └── NotAllowed        403: the token may not read this
├── PersonalDataHidden    e-mail addresses are masked, so that such a programme cannot be synced (H1)
├── EventGone             the source has no such event for this token
├── NoAnswer              5xx, time-out, broken connection, or an answer that is cut off: it may go better later
│   └── Unreachable       the same after every try
└── UnexpectedAnswer      anything else that is no success, or of another shape than documented
"""

from portal.errors import InvalidFile, PortalError


class SourceError(PortalError):
    """A source answered with something other than success, or not at all."""


class TokenRejected(SourceError):
    """The source does not accept the token."""


class NotAllowed(TokenRejected):
    """The token may not read this."""


class PersonalDataHidden(SourceError):
    """The source masks e-mail addresses."""


class EventGone(SourceError):
    """The source has no such event, or the token may not see it."""


class NoAnswer(SourceError):
    """One try went without a usable answer."""


class Unreachable(NoAnswer):
    """Every try went without a usable answer."""


class UnexpectedAnswer(SourceError):
    """An answer that is not of the documented shape, or a request that is refused."""


def not_taken_in(source_name: str, problem: InvalidFile) -> UnexpectedAnswer:
    """What is said where the content of a source's answer cannot be read or stored."""
    first = problem.problems[0] if problem.problems else str(problem).rstrip(".")
    more = f" (and {len(problem.problems) - 1:,} more)" if len(problem.problems) > 1 else ""
    return UnexpectedAnswer(
        f"{source_name} sent something that cannot be taken in: {first}{more}. Correct it there, then try again."
    )
