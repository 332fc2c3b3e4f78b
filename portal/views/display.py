"""How values are written on pages: times, sizes of things, states."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from unicodedata import bidirectional
from zoneinfo import ZoneInfo

from flask import Flask
from markupsafe import Markup, escape

from portal import models
from portal.models import Event, Outcome, RunStatus
from portal.operations.editing.timezones import asks_for_timezone
from portal.operations.mapping.event_settings import is_paused
from portal.sync.planning.reasons import reason_in_words
from portal.sync.planning.standing import Standing
from portal.text.html import clean_html as cleaned
from portal.text.html import is_html
from portal.text.numbers import count

SAYS_LITTLE = 5.0  # seconds of a run from which nothing can be told yet
# word, tone, icon: a state is never colour alone
State = tuple[str, str, str]
RUN_STATES: Mapping[str, State] = {
    RunStatus.QUEUED: ("Waiting to start", "live", "hourglass-split"),
    RunStatus.RUNNING: ("Running", "live", "arrow-repeat"),
    RunStatus.SUCCEEDED: ("Succeeded", "good", "check2"),
    RunStatus.PARTIAL: ("Finished with problems", "warn", "exclamation-triangle"),
    RunStatus.FAILED: ("Stopped", "bad", "x-circle"),
    RunStatus.INTERRUPTED: ("Interrupted", "bad", "plug"),
    RunStatus.CANCELLED: ("Cancelled", "", "slash-circle"),
}
OUTCOME_STATES: Mapping[str, State] = {
    Outcome.CREATED: ("Created", "good", "plus-circle"),
    Outcome.UPDATED: ("Updated", "live", "pencil"),
    Outcome.UNCHANGED: ("Unchanged", "", "check2"),
    Outcome.SKIPPED: ("Skipped", "", "dash"),
    Outcome.FAILED: ("Failed", "bad", "x-circle"),
    Outcome.WARNING: ("Warning", "warn", "exclamation-triangle"),
}
STATUS_TONES: Mapping[str, tuple[str, str]] = {
    "accepted": ("good", "check2"),
    "declined": ("bad", "x-lg"),
    "rejected": ("bad", "x-lg"),
    "cancelled": ("bad", "x-lg"),
    "canceled": ("bad", "x-lg"),
    "withdrawn": ("bad", "x-lg"),
    "pending": ("", "hourglass-split"),
    "accept_queue": ("live", "inbox"),
}
STANDINGS: Mapping[str, State] = {
    Standing.IN_SYNC: ("In sync", "good", "check2"),
    Standing.CHANGED: ("Changed since", "warn", "pencil"),
    Standing.WAITING: ("Waiting for first sync", "live", "hourglass-split"),
    Standing.FAILED: ("Failed", "bad", "exclamation-triangle"),
    Standing.WOULD_BE_UNPUBLISHED: ("Would be unpublished", "warn", "eye-slash"),
    Standing.UNPUBLISHED: ("Unpublished", "", "eye-slash"),
    Standing.LEFT: ("Left in ASP", "", "pin-angle"),
    Standing.FROZEN: ("Frozen", "", "snow"),
    Standing.NO_LONGER_MAPPED: ("In ASP, not synced any more", "", "slash-circle"),
    Standing.DELETED: ("Deleted in ASP", "", "trash"),
    Standing.NEVER_SENT: ("Never sent", "", "dash"),
}
MESSAGE_STATES: Mapping[str, tuple[str, str]] = {
    "success": ("good", "check-circle"),
    "info": ("", "info-circle"),
    "warning": ("warn", "exclamation-triangle"),
    "error": ("bad", "exclamation-triangle"),
}


def run_state(status: str) -> State:
    return RUN_STATES.get(status, (words(status), "", "dash"))


def outcome_state(outcome: str) -> State:
    return OUTCOME_STATES.get(outcome, (words(outcome), "", "dash"))


def status_state(status: str) -> State:
    return (words(status), *STATUS_TONES.get(status, ("", "dash")))


def standing_state(standing: str) -> State:
    """How a record stands towards ASP, the same everywhere (E9)."""
    return STANDINGS[standing]


def message_state(category: str) -> tuple[str, str]:
    return MESSAGE_STATES.get(category, MESSAGE_STATES["info"])


def plainly(reason: str | None) -> str:
    """A reason, if there is one, as a page says it."""
    return reason_in_words(reason or "")


def words(key: str) -> str:
    """A key as words: accept_queue is “Accept queue”."""
    text = key.replace("_", " ").strip()
    return text[:1].upper() + text[1:]


def day(value: date, weekday: bool = False, year: bool = True) -> str:
    """8 August 2026, with or without the weekday and the year."""
    text = f"{value.day} {value:%B}" + (f" {value.year}" if year else "")
    return f"{value:%A}, {text}" if weekday else text


def short_day(value: date) -> str:
    """Sat 8 Aug."""
    return f"{value:%a} {value.day} {value:%b}"


def clock(value: datetime) -> str:
    return f"{value:%H:%M}"


def local(value: datetime | None, event: Event) -> datetime | None:
    """The time on the event's clock."""
    return value.astimezone(ZoneInfo(event.timezone)) if value else None


def event_clock(value: datetime, event: Event) -> str:
    """14:32 on the event's clock, with the day unless that is today there."""
    there = value.astimezone(ZoneInfo(event.timezone))
    today = datetime.now(UTC).astimezone(ZoneInfo(event.timezone)).date()
    return clock(there) if there.date() == today else f"{day(there, year=False)}, {clock(there)}"


def day_span(first: datetime | None, last: datetime | None, event: Event) -> str:
    """30–31 October 2027; as short as the two days allow. Without sessions the days that the event was given."""
    began, ended = local(first, event), local(last, event)
    start = began.date() if began else event.first_day
    end = (ended.date() if ended else None) if began else event.last_day
    if start is None:
        return "no dates yet"
    if end is None or start >= end:
        return day(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{day(end)}"
    return f"{day(start, year=start.year != end.year)} – {day(end)}"


def hours(starts_at: datetime | None, ends_at: datetime | None) -> str:
    """09:50–10:35; an end on another day names that day."""
    if starts_at is None:
        return "No time"
    if ends_at is None:
        return f"{clock(starts_at)}–?"
    if ends_at.date() != starts_at.date():
        return f"{clock(starts_at)} – {clock(ends_at)} on {day(ends_at, year=False)}"
    return f"{clock(starts_at)}–{clock(ends_at)}"


def moment(value: datetime, weekday: bool = False) -> Markup:
    """When the portal did something: UTC, which a script turns into the reader's own time."""
    utc = value.astimezone(UTC)
    text = f"{day(utc, weekday=weekday)}, {clock(utc)} UTC"
    kind = "weekday" if weekday else "plain"
    return Markup('<time datetime="{}" data-moment="{}">{}</time>').format(
        utc.isoformat(timespec="seconds"), kind, text
    )


def isolated(text: str, mapping: models.Mapping | None) -> Markup:
    """A text whose words keep their order around the mapping's names, also of a script written from the right."""
    told = [mapping.seminar_name, mapping.site_name, mapping.event.name] if mapping else []
    names = [name for name in told if name and any(bidirectional(each) in ("R", "AL") for each in name)]
    if not names:
        return escape(text)
    parts = re.split(
        "(" + "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)) + ")", text
    )
    marked = [escape(part) for part in parts]
    marked[1::2] = [Markup("<bdi>{}</bdi>").format(name) for name in parts[1::2]]
    return Markup("").join(marked)


def ago(value: datetime) -> str:
    """How long ago, in the largest unit that says it."""
    seconds = (datetime.now(UTC) - value).total_seconds()
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            number = int(seconds // size)
            return f"{number} {unit}{'s' if number > 1 else ''} ago"
    return "just now"


def duration(seconds: float | None) -> str:
    """How long it took; empty for what never began or was over at once."""
    if not seconds:
        return ""
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


def time_left(run: models.Run) -> str:
    """About how long a run will still take, by what it has done so far; empty while that says little."""
    done, total = run.speakers_done + run.sessions_done, run.speakers_total + run.sessions_total
    elapsed = (datetime.now(UTC) - run.started_at).total_seconds() if run.started_at else 0.0
    if elapsed < SAYS_LITTLE or done < total / 20 or not done:
        return ""
    seconds = elapsed * (total - done) / done
    return (
        f"about {count(max(1, round(seconds / 60)), 'minute')} left"
        if seconds > 45
        else "less than a minute left"
    )


def offset_label(zone: str, at: datetime) -> str:
    """(GMT+01:00) Europe/Paris, at that moment."""
    offset = at.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
    minutes = round(offset.total_seconds() / 60)
    hour, minute = divmod(abs(minutes), 60)
    return f"(GMT{'-' if minutes < 0 else '+'}{hour:02}:{minute:02}) {zone}"


def timezone_label(event: Event, first: datetime | None) -> str:
    """The event's timezone with its offset at the event's own dates."""
    if first is None and event.first_day is not None:
        first = datetime.combine(event.first_day, time(12), UTC)
    return offset_label(event.timezone, first or datetime.now(UTC))


def is_resting(mapping: models.Mapping) -> bool:
    """Whether continuous sync of it is paused by hand now."""
    return is_paused(mapping, models.now())


def clean_html(html: str) -> Markup:
    """Somebody else's HTML, as far as it can do nothing."""
    return Markup(cleaned(html).text or "")  # noqa: S704


def rich_text(text: str) -> Markup | None:
    """The text as an editor shows it; None where nothing of it could be kept."""
    if not is_html(text):
        return lines(text)
    found = cleaned(text).text
    return Markup(found) if found else None  # noqa: S704


def lines(text: str) -> Markup:
    """A text that is no HTML, with its line breaks."""
    return Markup("<br>").join(escape(line) for line in text.splitlines())


def register(app: Flask) -> None:
    for function in (
        is_resting, asks_for_timezone,
        plainly, run_state, outcome_state, status_state, standing_state, message_state, words, day, short_day,
        clock, day_span, hours, moment, ago, duration, time_left, count, timezone_label, offset_label, clean_html,
        rich_text, lines, local, event_clock, isolated,
    ):  # fmt: skip
        app.add_template_filter(function, function.__name__)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
