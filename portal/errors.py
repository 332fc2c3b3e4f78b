"""The portal's own errors.

PortalError              something an admin can read and act on
├── NotFound             nothing there, or not theirs to see (G1)
├── Refused              a rule forbids it; `field` names the form field it belongs to
│   ├── InvalidFields    several fields of a form cannot be stored; `problems` has a message for each
│   └── InvalidFile      a programme file that is not of the expected shape; `problems` lists the places
└── asp.errors.AspError  ASP Events answered with something other than success
"""

# Where the portal itself is at fault, and an admin can do no more than pass it on.
INTERNAL = "Something went wrong in the portal itself (internal); its log says more."


class PortalError(Exception):
    """Says in an admin's words what happened, to which record, and what to do."""


class NotFound(PortalError):
    """There is no such record in this organisation."""


class Refused(PortalError):
    """A rule forbids what was asked; `field` is the name of the form field to show it at, if any."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class InvalidFields(Refused):
    """Fields of a form cannot be stored as they are; `problems` is field → message."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems


class InvalidFile(Refused):
    """A programme file cannot be taken in; each problem starts with its place, as `sessions[3].starts_at`."""

    def __init__(self, message: str, problems: list[str] | None = None) -> None:
        super().__init__(message, field="file")
        self.problems = problems or []
