"""What a column of a programme spreadsheet may hold, and how that is written down."""

import re
from typing import NamedTuple

from portal.programme.spreadsheet.words import SPEAKER

CUSTOM = "custom:"
BELOW = "sessions_below"

# Fields of a session; several columns may speak of one moment, and of one person.
SESSION_FIELDS = {
    "title": "Title",
    "starts_at": "Starts at",
    "ends_at": "Ends at",
    "date": "Date",
    "start_time": "Start time",
    "end_date": "End date",
    "end_time": "End time",
    "time_range": "Time from – to",
    "duration": "Duration",
    "timezone": "Timezone",
    "client_session_id": "Client Session ID",
    "sessionboard_id": "Sessionboard ID",
    "status": "Status",
    "description": "Description",
    "format": "Format",
    "room": "Room",
    "track": "Track",
    "level": "Level",
    "language": "Language",
    "tags": "Tags",
    "content": "Content (address of a file)",
    "is_public": "Public (yes or no)",
    "is_private": "Private (yes or no)",
    "speakers": "Speakers",
    "moderators": "Moderators",
    "chairpersons": "Chairpersons",
    "authors": "Authors",
    "facilitators": "Facilitators",
    "others": "Other people",
    "speaker_emails": "E-mails of the speakers",
    "speaker_companies": "Companies of the speakers",
    "speaker_ids": "IDs of the speakers",
    "moderator_ids": "IDs of the moderators",
    "chairperson_ids": "IDs of the chairpersons",
    "other_ids": "IDs of the other people",
    BELOW: "A session in each cell; the header is its room, track or day",
}
PERSON_FIELDS = {
    "name": "Full name",
    "first_name": "First name",
    "last_name": "Last name",
    "email": "Email",
    "job_title": "Job title",
    "honorific": "Honorific",
    "company_name": "Company name",
    "website": "Website",
    "mobile_phone": "Mobile phone",
    "biography": "Biography",
    "headshot": "Headshot",
    "facebook_url": "Facebook URL",
    "linkedin_url": "LinkedIn URL",
    "twitter_url": "Twitter URL",
    "person_id": "Person ID (of this file)",
    "sessionboard_id": "Sessionboard ID of the person",
    "person_role": "Role on the session",
    "sessions": "Their sessions (IDs or titles)",
}
PEOPLE_ROLES = {
    "speakers": SPEAKER,
    "moderators": "moderator",
    "chairpersons": "chairperson",
    "authors": "author",
    "facilitators": "facilitator",
    "others": "other",
}
PEOPLE_FIELDS = (  # tell who takes part
    *PEOPLE_ROLES,
    "speaker_emails",
    "speaker_companies",
    "speaker_ids",
    "moderator_ids",
    "chairperson_ids",
    "other_ids",
)
# More than one column may fill them.
SEVERAL = ("description", "tags", "track", "content", BELOW, *PEOPLE_ROLES)
OF_PERSON = re.compile(r"([a-z]+?)(\d{1,2})?\.(.+)")


class Target(NamedTuple):
    """What a column fills: a field of the row's session, or of a person on it."""

    kind: str  # session or person
    field: str  # or custom:NAME
    role: str = SPEAKER
    number: int = 0  # “Speaker 2 E-mail”; 0: the one person of the row

    def key(self, alone: bool = False) -> str:
        """As the command line and the pages write it; `alone` in a sheet that has nothing but people."""
        if self.kind == "session" or alone:
            return self.field
        owner = "person" if (self.role, self.number) == (SPEAKER, 0) else f"{self.role}{self.number or ''}"
        return f"{owner}.{self.field}"

    @property
    def label(self) -> str:
        """As an organiser reads it."""
        if self.field.startswith(CUSTOM):
            return f"Custom field “{self.field.removeprefix(CUSTOM)}”"
        if self.kind == "session":
            return SESSION_FIELDS[self.field]
        owner = "" if not self.number else f"{self.role.title()} {self.number}: "
        return owner + PERSON_FIELDS[self.field]


def parse_target(key: str, kind: str) -> Target | None:
    """The target of that key in a table of this kind; None when there is no such field."""
    known = SESSION_FIELDS if kind == "session" else PERSON_FIELDS
    if key in known or (key.startswith(CUSTOM) and key.removeprefix(CUSTOM).strip()):
        return Target(kind, key)
    found = OF_PERSON.fullmatch(key)
    if kind == "session" and found:
        owner, number, field = found[1], int(found[2] or 0), found[3]
        if (field in PERSON_FIELDS or field.startswith(CUSTOM)) and owner in (
            "person",
            *PEOPLE_ROLES.values(),
        ):
            return Target("person", field, SPEAKER if owner == "person" else owner, number)
    return None
