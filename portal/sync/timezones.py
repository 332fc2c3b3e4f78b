"""Whether the clocks of the event and of the ASP event agree (D10)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from portal.sync.snapshot import Offer, Rules


def mismatch_of_timezones(
    times: list[datetime], event_timezone: str, offer: Offer, rules: Rules
) -> str | None:  # D10
    """Why the clocks of the event and the ASP event do not agree at the times to be sent; None when they do."""
    if offer.site_timezone is None:
        if rules.timezone_confirmed:
            return None
        return (
            f"ASP does not tell the timezone of this ASP event. Look it up in ASP; if it is the event's "
            f"({event_timezone}), confirm it in the mapping under Settings → Integrations, then sync again."
        )
    ours, theirs = ZoneInfo(event_timezone), ZoneInfo(offer.site_timezone)
    if any(moment.astimezone(ours).utcoffset() != moment.astimezone(theirs).utcoffset() for moment in times):
        return (
            f"The timezones do not match: the event is in {event_timezone}, the ASP event in "
            f"{offer.site_timezone}. Times would be shown wrongly. Set the same timezone in both, then sync again."
        )
    return None
