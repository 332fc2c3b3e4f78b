"""Why a record fails, is skipped or warned of, and why a whole sync does not start: one catalogue (E7, E9).

Plans and runs take their words from here; docs/reasons.md and the documentation page are made from it.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class Weight(StrEnum):
    """What a reason does."""

    STOPS = "stops"
    FAILS = "fails"
    SKIPS = "skips"
    WARNS = "warns"


@dataclass(frozen=True, slots=True)
class Reason:
    """A code for scripts, a sentence with {values}, and what to do.

    `advice` is said together with the sentence; `help` stands in the documentation alone, where there is more to say
    than a line has room for.
    """

    code: str
    weight: Weight
    sentence: str
    advice: str = ""
    help: str = ""

    def words(self, **values: object) -> str:
        """What an admin reads. A value that ends the sentence, as “Ada Lee Jr.” may, brings no second full stop."""
        told = {
            name: value.removesuffix(".")
            if isinstance(value, str) and f"{{{name}}}." in self.sentence
            else value
            for name, value in values.items()
        }
        return f"{self.sentence} {self.advice}".strip().format(**told)

    @property
    def what_to_do(self) -> str:
        return " ".join(filter(None, [self.advice, self.help]))


NOT_ACCEPTED = Reason(
    "not-accepted",
    Weight.SKIPS,
    "Not accepted (status: {status}).",
    help="Accept the session, or sort its status on the Lists page if it means that it is accepted.",
)
ENDED = Reason(
    "ended", Weight.SKIPS, "The session has ended.", help="Nothing: what is on the website stays as it is."
)
FROZEN = Reason(
    "frozen",
    Weight.SKIPS,
    "Synced before ASP Events was disconnected: it cannot be synced to this ASP event again.",
    "Change it in ASP by hand.",
)
MISSING = Reason(
    "missing-fields", Weight.FAILS, "{fields} {verb} missing.", "Add {them} on the {kind}, then sync again."
)
ENDS_BEFORE_START = Reason(
    "ends-before-start",
    Weight.FAILS,
    "Its end is not after its start.",
    "Correct its times, then sync again.",
)
CLOCKS_GO_BACK = Reason(
    "clocks-go-back",
    Weight.FAILS,
    "The clocks go back while it lasts: its end ({end}) would stand before its start ({start}), which ASP does not "
    "take.",
    "Enter this session in ASP by hand.",
)
STARTS_AT_MIDNIGHT = Reason(
    "starts-at-the-last-minute",
    Weight.FAILS,
    "It starts at 23:59 and ends on another day, which ASP cannot show.",
    "Correct its times.",
)
SAME_PERSON = Reason(
    "same-person",
    Weight.SKIPS,
    "The same person as another entry named {name} with the same e-mail address; the fields of the entry that was "
    "updated last are used.",
    help="Nothing, unless the two are different people: then give each an address of their own.",
)
SHARED_EMAIL = Reason(
    "shared-email",
    Weight.FAILS,
    "Has the same e-mail address as {names}.",
    "Give each person an address of their own, so that nobody’s name appears over someone else’s photo, then sync "
    "again.",
)
NOT_TAKING_PART = Reason(
    "not-taking-part",
    Weight.SKIPS,
    "Not an accepted participant of a session that is synced.",
    help="Accept the person on a session that is accepted, or let people go first under Event Settings.",
)
ROLE_NOT_SENT = Reason(
    "role-not-sent",
    Weight.SKIPS,
    "Takes part in a synced session, but in no role that is sent: {roles}.",
    help="Speakers, moderators and chairpersons are sent where the seminar has the field and it is not switched off.",
)
DELETED_THERE = Reason(
    "deleted-in-asp",
    Weight.FAILS,
    "It was deleted in ASP by hand.",
    "To have it recreated, allow that in the mapping’s Event Settings, then sync again.",
)
EMAIL_TAKEN = Reason(
    "email-taken",
    Weight.FAILS,
    "Another speaker of this ASP event has this e-mail address{whose}.",
    "Correct the address here or in ASP, then sync again.",
)
REFUSED = Reason(
    "refused-field", Weight.WARNS, "ASP refused {slug}: {message}.", "It is not sent again until it changes."
)
NO_CUSTOM_FIELD = Reason(
    "no-custom-field",
    Weight.WARNS,
    "{field} is not sent: the seminar has no custom field “{slug}”.",
    "Create it in ASP as a {type}field of the seminar, spelled exactly like this, then sync again.",
    help="Without sessionboard_id nothing can be synced at all.",
)
UNFIT_TYPE = Reason(
    "custom-field-cannot-hold-it",
    Weight.WARNS,
    "{field} is not sent: the seminar’s custom field “{slug}” is of type {found}, which cannot hold it.",
    "Map it to another field under Settings → Integrations.",
)
WRONG_TYPE = Reason(
    "custom-field-of-wrong-type",
    Weight.WARNS,
    "{field} is not sent: the seminar’s custom field “{slug}” is of type {found}.",
    "In ASP it must be a {type}field.",
)
OTHER_TIMEZONE = Reason(
    "timezones-differ",
    Weight.STOPS,
    "The timezones do not match: the event is in {event}, the ASP event in {site}. Times would be shown wrongly.",
    "Set the same timezone in both, then sync again.",
)
NO_ADDRESS = Reason(
    "no-web-address",
    Weight.WARNS,
    "{field} is left out: “{value}” is no web address.",
    "It must begin with https:// or http://.",
)
NO_SUCH_TYPE = Reason(
    "format-is-no-session-type",
    Weight.WARNS,
    "The format “{format}” is no session type of the seminar, so “{used}” was used.",
    "Create the type in ASP to have it shown.",
)
NO_TYPE = Reason(
    "no-session-type",
    Weight.WARNS,
    "The session type is left out: the seminar has {wanted} among its session types.",
    help="Create the type in ASP.",
)
SEVERAL_DATES = Reason(
    "several-dates",
    Weight.WARNS,
    "It lasts until {until}, but ASP has no sessions over several dates: it is shown on {day} from {start} to {end}.",
    help="Make a session for each day if the website is to show all of them.",
)
SHARED_ID = Reason(
    "shared-client-session-id",
    Weight.WARNS,
    "{others} the same Client Session ID, “{id}”.",
    "Each is synced; give them different ones.",
)
WITHOUT_PERSON = Reason(
    "without-a-person",
    Weight.WARNS,
    "Synced without {name}: {why}",
    help="Put right what keeps the person from being synced; the session gets them with the next sync.",
)
TWICE_THERE = Reason(
    "twice-in-asp",
    Weight.WARNS,
    "ASP has more than one session with this Sessionboard ID.",
    "{used} is updated; delete in ASP: {others}.",
)
OTHER_NAME_THERE = Reason(
    "another-name-in-asp",
    Weight.WARNS,
    "ASP had this e-mail address under the name {name}.",
    "See in ASP that the photo and the biography of the record {uuid} are {whose}’s.",
)
RENAMED = Reason(
    "renamed",
    Weight.WARNS,
    "The {kind} “{before}” is called “{after}” now. Its sessions move to the new name; the old one stays in ASP.",
    help="Delete the old one in ASP if nothing uses it.",
)
WITHHELD = Reason(
    "unpublishing-withheld",
    Weight.SKIPS,
    "It would be unpublished in ASP; that waits for an admin’s approval.",
    help="Look at the preview, and approve there if the programme is complete as it stands.",
)

REASONS: tuple[Reason, ...] = tuple(each for each in globals().values() if isinstance(each, Reason))


def find_reason(text: str) -> Reason | None:
    """The entry that a text was made from, if it was made from one, whatever stands before or after its sentence."""
    return next((each for each, pattern in _PATTERNS.items() if pattern.search(text)), None)


def reason_in_words(text: str) -> str:
    """A reason as a page says it, with the status that it names as words; scripts get it as it is stored."""
    return _PATTERNS[NOT_ACCEPTED].sub(
        lambda found: NOT_ACCEPTED.words(status=found["status"].replace("_", " ")), text
    )


def _pattern(reason: Reason) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", reason.sentence)  # what stands between the values, and each value's name
    return re.compile(
        "".join(f"(?P<{part}>.*?)" if place % 2 else _either(part) for place, part in enumerate(parts)),
        re.DOTALL,
    )


def _either(part: str) -> str:
    """The words as a pattern: runs that are kept may have been told with the other apostrophe."""
    return re.escape(part).replace("’", "['’]")


_PATTERNS = {each: _pattern(each) for each in REASONS}


def reasons_page() -> str:
    """The catalogue as Markdown: docs/reasons.md."""
    titles = {
        Weight.STOPS: "What stops a sync before anything is written",
        Weight.FAILS: "What makes a record fail",
        Weight.SKIPS: "What keeps a record from being synced",
        Weight.WARNS: "What a run warns of",
    }
    lines = [
        "# Reasons",
        "",
        "Made from `portal/sync/planning/reasons.py`; a test holds the two together. In a sentence, {…} stands for a",
        "value of the record.",
    ]
    for weight, title in titles.items():
        lines += ["", f"## {title}", "", "| Code | Sentence | What to do |", "| --- | --- | --- |"]
        lines += [
            f"| `{each.code}` | {each.sentence} | {each.what_to_do} |"
            for each in REASONS
            if each.weight is weight
        ]
    return "\n".join(lines) + "\n"
