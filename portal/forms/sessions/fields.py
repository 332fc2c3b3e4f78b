"""The form of a session, with the people and the content that hang on it."""

from typing import Any

from flask import request
from wtforms import (
    BooleanField,
    ColorField,
    EmailField,
    HiddenField,
    SelectChoice,
    SelectMultipleField,
    StringField,
    TextAreaField,
)

from portal.forms.custom_fields import read_custom
from portal.forms.sessions.choices import (
    A_NEW_ONE,
    ChoicesForm,
    new_name,
    offered_names,
    offered_statuses,
    status_in_words,
)
from portal.forms.sessions.parts import Rows, new_person, press_in_rows, read_files, sent_people
from portal.forms.sessions.times import TIMES, TimesForm
from portal.operations.editing.labels import SESSION_LABELS as LABELS
from portal.operations.queries.drafts import SINGLE_KINDS, Offered, typed
from portal.programme.drafts import NEW, Draft, name_and_colour
from portal.programme.values import parse_colour
from portal.text.matching import fold

NO_COLOUR = "#888888"  # the grey in which tags without a colour are shown
NEW_PERSON = ("new_first_name", "new_last_name", "new_email")


class SessionForm(ChoicesForm, TimesForm):
    """Writes and reads a draft; only what cannot be read at all is refused here."""

    title = StringField("Title")
    client_session_id = StringField("Client Session ID")
    is_public = BooleanField("Public")
    tags = SelectMultipleField("Tags", validate_choice=False)
    tag_new = StringField("Add a tag")
    tag_colour = ColorField("Colour of a new tag", default=NO_COLOUR)
    description = TextAreaField("Description")
    person_search = StringField("Name, e-mail or company")
    new_first_name = StringField("First name")
    new_last_name = StringField("Last name")
    new_email = EmailField("E-mail")
    people = HiddenField()  # says what is wrong with the rows of people, as `files` does; nothing is sent
    files = HiddenField()

    def __init__(self, timezone: str, offered: Offered, **values: Any) -> None:
        super().__init__(timezone, **values)
        self.people_rows: Rows = sent_people(request.form)
        self.file_rows: Rows = read_files(request.form)
        self.offered = offered
        self.status.choices = offered_statuses(offered)
        for kind in SINGLE_KINDS:
            self[kind].choices = [SelectChoice("", "–"), *offered_names(offered, kind), new_name(kind)]
        self.tags.choices = offered_names(offered, "tag")

    @classmethod
    def of(cls, draft: Draft, timezone: str, offered: Offered) -> "SessionForm":
        """The form as a draft has it."""
        form = cls(timezone, offered, formdata=None)
        form.open(draft)
        return form

    def fill(self, draft: Draft) -> None:
        self.people_rows = draft.get("people", self.people_rows)
        self.file_rows = draft.get("files", self.file_rows)
        super().fill({name: value for name, value in draft.items() if name not in ("people", "files")})

    def read(self) -> Draft | None:
        """The draft that stands in the form; None where a field cannot be read, which then says why."""
        if not self.validate():
            return None
        draft: Draft = {
            "title": typed(self.title.data),
            "status": self.status.data or "",
            "client_session_id": typed(self.client_session_id.data),
            "is_public": bool(self.is_public.data),
            **{name: self.read_time(name) for name in TIMES},
            **{kind: self._read_choice(kind) for kind in SINGLE_KINDS},
            "tags": self._read_tags(),
            "description": typed(self.description.data),
            "people": self.people_rows,
            "files": [row for row in self.file_rows if any(row)],
            **read_custom(self),
        }
        return None if self.errors else draft

    def _read_choice(self, kind: str) -> str:
        chosen, name = self[kind].data or "", typed(self[f"{kind}_new"].data)
        if name and not chosen:  # typed beside a list that says none: neither is to be lost
            self.show(kind, A_NEW_ONE)
            self.refuse(
                f"{kind}_new", f"Save once more to make this {kind}, or choose another one before it."
            )
        if chosen != A_NEW_ONE:
            return chosen
        if not name:
            self.refuse(f"{kind}_new", f"Enter the name of the new {kind}.")
        return NEW + name

    def _read_tags(self) -> list[str]:
        name, chosen = typed(self.tag_new.data), list(self.tags.data or [])
        if name:
            known = {fold(each.name): key for key, each in self.offered.tags.items()}
            chosen.append(known.get(fold(name), NEW + self._tag_colour() + name))
        return list(dict.fromkeys(chosen))

    def _tag_colour(self) -> str:
        """What stands before the name of a new tag: its colour, where one was chosen."""
        colour = parse_colour(self.tag_colour.data or "")
        return f"{colour} " if colour and colour != NO_COLOUR else ""

    def new_tag(self, key: str) -> dict[str, str | None]:
        """The name and colour of a tag that is not on the event's list yet."""
        name, colour = name_and_colour(key)
        return {"name": name, "colour": colour}

    def press(self, action: str) -> bool:
        """Whether a button was pressed that changes what stands in the form and stores nothing yet."""
        if action == "tag":
            self.tags.data = self._read_tags()
            self.show("tag_new", "")
            self.show("tag_colour", NO_COLOUR)
            self.focus = "tag_new"
        elif action == "find":
            self.focus = "person_search"
            return True
        elif action == "new-person":
            self._add_new_person()
        elif action == "file-add":
            self.file_rows = [*self.file_rows, ["", ""]]
            self.focus = f"file-name-{len(self.file_rows)}"
        elif action.startswith("person-add-"):
            self._add_person(action.removeprefix("person-add-"))
        elif pressed := press_in_rows(action, self.people_rows, "person"):
            self.people_rows, self.focus = pressed.rows, pressed.focus
        elif pressed := press_in_rows(action, self.file_rows, "file"):
            self.file_rows, self.focus = pressed.rows, pressed.focus
        else:
            return False
        self.is_changed = True
        return True

    def _add_person(self, key: str) -> None:
        self.people_rows = [*self.people_rows, [key, "speaker", "accepted"]]
        self.show("person_search", "")
        self.focus = "person_search"

    def _add_new_person(self) -> None:
        first_name, last_name, email = (typed(self[name].data) for name in NEW_PERSON)
        if not (first_name or last_name or email):
            self.refuse("new_first_name", "Enter a name or an e-mail address.")
            return
        self._add_person(new_person(first_name, last_name, email))
        for name in NEW_PERSON:
            self.show(name, "")

    def in_words(self, name: str, draft: Draft, names: dict[str, str]) -> str:
        """A field of a draft, for somebody who has to choose between two; `names` are those of its people."""
        value = draft[name]
        if name in TIMES:
            return self.time_in_words(value)
        if name == "is_public":
            return "Yes" if value else "No"
        if name == "status":
            return status_in_words(value)
        if name == "tags":
            return ", ".join(self._name_of("tag", each) for each in value) or "None"
        if name == "people":
            told = (
                f"{names.get(key, key)} ({role}, {status_in_words(status)})" for key, role, status in value
            )
            return ", ".join(told) or "None"
        if name == "files":
            return ", ".join(url for _, url in value) or "None"
        if name not in LABELS:
            return value or "None"
        return self._name_of(name, value) if name in SINGLE_KINDS and value else value or "None"

    def _name_of(self, kind: str, key: str) -> str:
        return dict(self.offered.choices.get(kind, [])).get(key, name_and_colour(key)[0])
