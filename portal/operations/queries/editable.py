"""Whether an event's programme may be edited in the portal (H1, H3)."""

from portal.models import Event

FROM_SESSIONBOARD = "sessionboard"


def why_not_edit(event: Event) -> str | None:
    """Why the event's programme cannot be changed here, and where it can; None when it can (H1, H3)."""
    if event.source == FROM_SESSIONBOARD:
        return "This event comes from Sessionboard. Change it there; the next sync brings it in."
    return None
