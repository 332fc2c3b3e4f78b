"""Whether the clocks of the event and of the ASP event agree (D10)."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from portal.sync.planning import reasons
from portal.sync.planning.snapshot import Offer, Rules


def mismatch_of_timezones(
    times: list[datetime], event_timezone: str, offer: Offer, rules: Rules
) -> str | None:  # D10
    """Why the clocks of the event and the ASP event do not agree at the times to be sent; None when they do."""
    if offer.site_timezone is None:
        if rules.timezone_confirmed_for == event_timezone:
            return None
        return _question(event_timezone, rules.timezone_confirmed_for)
    ours, theirs = ZoneInfo(event_timezone), ZoneInfo(offer.site_timezone)
    instants = [
        moment.astimezone(UTC) for moment in times
    ]  # D3 may have made a wall clock that does not exist
    if any(each.astimezone(ours).utcoffset() != each.astimezone(theirs).utcoffset() for each in instants):
        return reasons.OTHER_TIMEZONE.words(event=event_timezone, site=offer.site_timezone)
    return None


def _question(event_timezone: str, confirmed_for: str | None) -> str:
    """What an admin has to look up; a confirmation given for another timezone is named, and does not count."""
    before = (
        f" It was confirmed for {confirmed_for}; the event is in {event_timezone} now."
        if confirmed_for
        else ""
    )
    return (
        f"ASP does not tell the timezone of this ASP event.{before} Look it up in ASP; if it is the event’s "
        f"({event_timezone}), confirm it under Settings → Integrations → Event Settings, "
        f"then sync again."
    )
