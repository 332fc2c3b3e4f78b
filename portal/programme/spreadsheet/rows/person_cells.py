"""Reads the cells that hold one field each of one person."""

from portal.errors import InvalidFile
from portal.programme.bounds import LONGEST_NAME, LONGEST_TEXT
from portal.programme.people import LONGEST
from portal.programme.problems import shown
from portal.programme.spreadsheet.cells.markup import without_markup
from portal.programme.spreadsheet.cells.names import Named, address_in, addresses_in, read_person
from portal.programme.spreadsheet.cells.plain import NO_VALUE, as_text, is_lost_id, is_no_value
from portal.programme.spreadsheet.opening.table import Cell
from portal.programme.spreadsheet.recognising.fields import CUSTOM
from portal.programme.spreadsheet.rows.drafts import CellPlace, CellProblem, Mention, Options
from portal.programme.spreadsheet.words import SPEAKER, roles
from portal.programme.values import MASKED, flaw_of_text, is_masked, parse_uuid
from portal.text.matching import fold

# Who it is, and where they are.
NO_VALUES = ("name", "person_id", "sessionboard_id", "person_role", "sessions")
NAMES = ("name", "first_name", "last_name")
SHORT = ("name", "person_id", "person_role")
EMPTY_WORDS = ("-", "–", "n/a", "na", "none", "tbc", "tba")


class PersonCells:
    """Gathers the cells of one person of one row."""

    def __init__(self, place: CellPlace, options: Options, sirs: bool = False) -> None:
        self.place = place
        self.problems: list[CellProblem] = []
        self._options = options
        self._sirs = sirs  # whether “M.” is a title
        self._told: dict[str, str | None] = {}
        self._columns: dict[str, str] = {}

    @property
    def is_empty(self) -> bool:
        return not any(self._told.values())

    def add(self, field: str, column: str, cell: Cell) -> None:
        """Take one cell in."""
        place = self.place._replace(column=column)
        text = self._options.fixes.get(place, as_text(cell))
        self._columns[field] = column
        self._told[field] = self._told.get(field) or self._sound(place, field, text, cell)

    def _sound(self, place: CellPlace, field: str, text: str | None, cell: Cell) -> str | None:
        if text is None:
            return None
        if flaw := flaw_of_text(text):
            self._refuse(place, flaw, text)
            return None
        if is_no_value(text):
            self._refuse(place, NO_VALUE, text)
            return None
        if field == "email":
            return self._address(place, text)
        if field == "sessionboard_id" and parse_uuid(text) is None:
            self._refuse(place, "is no Sessionboard ID (a UUID as the portal gives it)", text)
            return None
        if field == "person_id" and is_lost_id(cell):
            message = "is a number that a spreadsheet program made of an ID; the ID cannot be read back"
            self.problems.append(CellProblem(place, message, False, None, text))
            return None
        if field in NAMES and self._told.get("sessionboard_id") is None:
            text = " ".join(without_markup(text).split("\n"))
        longest = LONGEST_NAME if field in SHORT else LONGEST.get(field, LONGEST_TEXT)
        if len(text) > longest:
            self._refuse(place, f"has {len(text):,} characters; at most {longest:,} are taken", text)
            return None
        if field == "mobile_phone" and isinstance(cell, int | float):
            message = "is kept as a number in the file: a + or zeros before it may be lost"
            self.problems.append(CellProblem(place, message, False, None, text))
        return text

    def _address(self, place: CellPlace, text: str) -> str | None:
        is_known = self._told.get("sessionboard_id") is not None  # they may have come in with anything
        if fold(text) in EMPTY_WORDS and not is_known:
            return None
        if is_masked(text):
            raise InvalidFile(f"Row {place.row:,}: {shown(text)} {MASKED}.")
        found = address_in(text)
        if found is None or found.count("@") != 1:
            self.problems.append(CellProblem(place, "is no e-mail address", not is_known, None, text))
            found = None
        elif not is_known and len(addresses_in(text)) > 1:
            message = f"holds several addresses: “{found}” was taken"
            self.problems.append(CellProblem(place, message, False, None, text))
        return text if is_known else found

    def _refuse(self, place: CellPlace, message: str, value: str) -> None:
        self.problems.append(CellProblem(place, message, True, None, value))

    def mention(self, listed: bool, role: str = SPEAKER) -> Mention | None:
        """The person; None when the cells hold neither name nor address nor id."""
        told = self._told
        name = told.get("name")
        whole = read_person(name, sirs=self._sirs) if name else Named("")
        first, last = told.get("first_name"), told.get("last_name")
        if first is None and last is None:
            first, last = whole.first_name, whole.last_name
        email = told.get("email") or whole.email
        uuid = parse_uuid(told.get("sessionboard_id")) or whole.uuid
        if not (first or last or email or uuid or told.get("person_id")):
            return None
        honorific = told.get("honorific") or whole.honorific
        named = Named(
            told.get("name") or " ".join(filter(None, (first, last))) or email or "",
            first,
            last,
            email,
            honorific,
            whole.company,
            whole.job_title,
            uuid,
            whole.status,
            spellings=whole.spellings,
        )
        custom = {
            field.removeprefix(CUSTOM): text for field, text in told.items() if field.startswith(CUSTOM)
        }
        return Mention(
            self.place._replace(column=next(iter(self._columns.values()), "")),
            named,
            self._role(role),
            person_id=told.get("person_id"),
            values=self._values(named),
            custom_fields=custom,
            is_listed=listed,
            has_split_name="first_name" in told or "last_name" in told,
            sessions=told.get("sessions"),
        )

    def _values(self, named: Named) -> dict[str, str | None]:
        """What the cells say of the person, by field; of a name in one cell its halves."""
        values = {
            field: text
            for field, text in self._told.items()
            if field not in NO_VALUES and not field.startswith(CUSTOM)
        }
        if "name" in self._told:
            values |= {"first_name": named.first_name, "last_name": named.last_name}
        if "email" in self._told:
            values["email"] = named.email
        return values

    def _role(self, otherwise: str) -> str:
        word = fold(self._told.get("person_role") or "")
        return roles().get(word, word) or otherwise
