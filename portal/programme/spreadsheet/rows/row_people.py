"""Adds the people of a row to its session: in one cell, in numbered columns, or one person per row."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from portal.errors import InvalidFile
from portal.programme.bounds import LONGEST_NAME, MOST_PARTS
from portal.programme.problems import shown
from portal.programme.spreadsheet.cells.commas import commas_of, is_ambiguous
from portal.programme.spreadsheet.cells.markup import plain_texts, without_markup
from portal.programme.spreadsheet.cells.names import (
    LETTERS,
    Named,
    fitting_addresses,
    is_nobody,
    read_person,
    says_sir,
)
from portal.programme.spreadsheet.cells.plain import as_text, is_lost_id, is_no_value
from portal.programme.spreadsheet.cells.several import names_several, separator_of, split_people
from portal.programme.spreadsheet.recognising.fields import PEOPLE_ROLES, Target
from portal.programme.spreadsheet.recognising.tables import Column, Table
from portal.programme.spreadsheet.rows.beside_names import BesideNames, is_beside
from portal.programme.spreadsheet.rows.drafts import CellPlace, CellProblem, Mention, Options, SessionDraft
from portal.programme.spreadsheet.rows.people_rows import Directory
from portal.programme.spreadsheet.rows.person_cells import PersonCells
from portal.programme.spreadsheet.rows.row import Row, Targets
from portal.programme.values import MASKED, is_masked
from portal.text.matching import trimmed

KEYS_OF = {  # what tells who it is where no column names them; the first that is filled counts
    "speakers": ("speaker_ids", "speaker_emails"),
    "moderators": ("moderator_ids",),
    "chairpersons": ("chairperson_ids",),
    "others": ("other_ids",),
}
IDS_OF = {
    "speakers": ("speaker_ids",),
    "moderators": ("moderator_ids",),
    "chairpersons": ("chairperson_ids",),
    "others": ("other_ids",),
}


class RowPeople:
    """Reads the people of one table's rows."""

    def __init__(self, table: Table, targets: Targets, options: Options, directory: Directory) -> None:
        self._problems: list[CellProblem] = []
        self._options = options
        self._directory = directory
        self._separators = {
            column.index: separator_of(plain_texts(table.cells(column)))
            for column, target in targets.values()
        }
        self._commas = {
            column.index: commas_of(plain_texts(table.cells(column)))
            for column, target in targets.values()
            if target.field in PEOPLE_ROLES
        }
        self._sirs = {
            column.index: says_sir(table.cells(column))
            for column, target in targets.values()
            if target.field in PEOPLE_ROLES
        }
        self._own: dict[tuple[str, int], list[tuple[Column, Target]]] = defaultdict(list)
        for column, target in targets.values():
            if target.kind == "person":
                self._own[target.role, target.number].append((column, target))
        fields = {target.field for _, target in targets.values() if target.kind == "session"}
        roles_named = [
            PEOPLE_ROLES[target.field] for _, target in targets.values() if target.field in PEOPLE_ROLES
        ]
        roles_by_key = [PEOPLE_ROLES[names] for names, keys in KEYS_OF.items() if fields & set(keys)]
        self._beside = dict(self._besides(targets))
        self._told_roles = frozenset([role for role, _ in self._own] + roles_named + roles_by_key)

    def _besides(self, targets: Targets) -> Iterator[tuple[int, BesideNames]]:
        """The place of each column of names, and the columns beside it that tell more of whom it names."""
        for role in dict.fromkeys(PEOPLE_ROLES.values()):
            names = [
                index for index, (_, target) in targets.items() if PEOPLE_ROLES.get(target.field) == role
            ]
            told = self._own.get((role, 0), [])
            if names and is_beside(told):
                left = [index for index in names if index < told[0][0].index]
                yield (
                    left[-1] if left else names[0],
                    BesideNames(self._own.pop((role, 0)), role, self._options),
                )

    def taken_problems(self) -> list[CellProblem]:
        """The problems since the last call."""
        found, self._problems = self._problems, []
        return found

    def has_own(self, row: Row) -> bool:
        """Whether the row's columns of a person hold somebody."""
        return any(row.at(column) is not None for columns in self._own.values() for column, _ in columns)

    def names_somebody(self, row: Row) -> bool:
        """Whether the row names or describes anybody."""
        return self.has_own(row) or any(row.cell(field) is not None for field in PEOPLE_ROLES)

    def add_to(self, session: SessionDraft, row: Row) -> None:
        """Add everybody of the row, in the order of its columns."""
        session.told_roles = self._told_roles
        done: set[object] = set()
        for column, target in row.targets.values():
            if target.kind == "person" and (target.role, target.number) not in self._own:
                continue  # it stands beside a column of names, and is read with that
            if target.kind == "person" and (target.role, target.number) not in done:
                done.add((target.role, target.number))
                self._add_own(session, row, target)
            elif target.field in PEOPLE_ROLES:
                self._add_named(session, row, column, target.field)
        for names, ids in KEYS_OF.items():
            if not row.has_column(names):
                self._add_by_keys(session, row, ids, PEOPLE_ROLES[names])

    def _add_own(self, session: SessionDraft, row: Row, target: Target) -> None:
        cells = PersonCells(row.place, self._options)
        columns = self._own[target.role, target.number]
        for column, each in columns:
            cells.add(each.field, column.key, row.at(column))
        filled = not cells.is_empty
        mention = cells.mention(listed=True, role=target.role) if filled else None
        self._problems += cells.problems
        if filled and mention is None and not cells.problems:
            text = "belongs to somebody without a name"
            place = row.place._replace(column=columns[0][0].key)
            self._problems.append(CellProblem(place, text, True, session.title))
        if mention:
            session.mentions.append(mention)

    def _add_named(self, session: SessionDraft, row: Row, column: Column, field: str) -> None:
        text = as_text(row.at(column))
        place = row.place._replace(column=column.key)
        role = PEOPLE_ROLES[field]
        alone = len(row.columns[field]) == 1
        ids = self._listed(row, IDS_OF.get(field, ())) if alone else []
        beside = self._beside.get(column.index)
        if text is not None and is_no_value(text):
            return  # which is said of the cell
        if text is None:
            if beside and beside.is_filled(row):
                mention, problems = beside.of_nobody(row, session.title)
                self._problems += problems
                session.mentions += [mention] if mention else []
            return
        lines = column.is_of_lines
        text = text if lines else without_markup(text)
        texts = self._texts_of_people(text, column)
        if len(texts) > MOST_PARTS:
            message = f"names {len(texts):,} people; at most {MOST_PARTS:,} are taken"
            self._problems.append(CellProblem(place, message, True, session.title, text[:100]))
            return
        known = [None if lines else self._by_id(place, session, each) for each in texts]
        if beside and not any(known):
            read, problems = beside.mentions(row, column, texts, session.title, self._sirs[column.index])
            self._problems += problems
        else:
            read = [Mention(place, read_person(each, lines, self._sirs[column.index])) for each in texts]
        written = [text] if len(texts) == 1 else texts
        self._say_open(place, session, written, read, column)
        named = [by_id or by_name for by_id, by_name in zip(known, read, strict=True)]
        for mention in named:
            mention.role = mention.named.role or role
            mention.tells_status = lines
            mention.cell = text
        if ids and len(ids) == len(named):
            for mention, identifier in zip(named, ids, strict=True):
                mention.person_id = mention.person_id or identifier
        if field == "speakers" and alone:
            self._add_addresses(session, row, named)
            self._add_companies(row, named)
        if any(len(part) > LONGEST_NAME for each in named for part in each.named.parts):
            message = f"names somebody with more than {LONGEST_NAME} characters"
            self._problems.append(CellProblem(place, message, True, session.title, text[:100]))
            return
        for each in named:
            if is_masked(each.named.email):
                raise InvalidFile(f"Row {row.place.row:,}: {shown(each.named.email)} {MASKED}.")
        session.mentions += [each for each in named if each.named.text or each.person_id]

    def _texts_of_people(self, text: str, column: Column) -> list[str]:
        """The part of the cell's text that each person has, without those that say that there is nobody."""
        if column.is_of_lines:
            texts = [each for each in map(trimmed, text.split("\n")) if each]
        else:
            separator, commas = self._separators[column.index], self._commas[column.index]
            texts = split_people(text, separator, self._directory.is_known, commas)
        return [each for each in texts if not is_nobody(each)]

    def _say_open(
        self, place: CellPlace, session: SessionDraft, texts: list[str], read: list[Mention], column: Column
    ) -> None:
        """Say how a comma was read that nothing tells the meaning of, and who was taken for one person.

        Where each person has a line, as an export writes them, two who are joined are the name of one.
        """
        for text, mention in zip(texts, read, strict=True):
            is_known = mention.named.uuid or self._directory.is_known(mention.named.name)
            if names_several(mention.named.name) and not (is_known or column.is_of_lines):
                message = f"was read as one person, “{mention.named.name}”: are these several?"
                self._problems.append(CellProblem(place, message, False, session.title, text))
            if mention.named.is_long and not is_known:
                message = f"was read as the name of somebody, “{mention.named.name}”: is it a text?"
                self._problems.append(CellProblem(place, message, False, session.title, text))
            if is_ambiguous(text, self._commas[column.index]) and not is_known:
                message = (
                    "can be a last name before a first name, or a name before a company: "
                    f"it was read as “{mention.named.name}”"
                )
                self._problems.append(CellProblem(place, message, False, session.title, text))

    def _add_by_keys(self, session: SessionDraft, row: Row, fields: Iterable[str], role: str) -> None:
        """Those whom the row tells by IDs or addresses alone, where no column names them."""
        field = next((each for each in fields if row.cell(each) is not None), None)
        if field is None:
            return
        place = row.place._replace(column=row.column_of(field))
        for text in self._listed(row, [field]):
            if field == "speaker_emails":
                named = read_person(text)
                mention = Mention(place, named) if named.email else None
                message = "is no e-mail address"
            else:
                mention = self._by_id(place, session, text)
                message = "is the ID of nobody in this file; they were left out of the session"
            if mention is None:
                self._problems.append(CellProblem(place, message, False, session.title, text))
            elif mention.named.text:
                mention.role = role
                session.mentions.append(mention)

    def _by_id(self, place: CellPlace, session: SessionDraft, text: str) -> Mention | None:
        """The mention of somebody by the id of the people's table; an id that is not there is said."""
        person, remark = self._directory.find_id(text)
        if person:
            if remark:
                self._problems.append(CellProblem(place, remark, False, session.title, text))
            return Mention(place, Named(text), person_id=person.person_id)
        if LETTERS.search(text) is None or is_lost_id(text):
            message = "is the ID of nobody in this file; they were left out of the session"
            self._problems.append(CellProblem(place, message, False, session.title, text))
            return Mention(place, Named(""))
        return None

    def _listed(self, row: Row, fields: Iterable[str]) -> list[str]:
        return [
            trimmed(part)
            for field in fields
            for _, cell in row.all(field)
            for part in re.split(r"[\n;|,]", as_text(cell) or "")
            if trimmed(part)
        ]

    def _add_addresses(self, session: SessionDraft, row: Row, named: list[Mention]) -> None:
        for column, cell in row.all("speaker_emails"):
            parts = [trimmed(each) for each in re.split(r"[\n;|,]", as_text(cell) or "")]
            place = row.place._replace(column=column.key)
            addresses = [read_person(each).email if each else None for each in parts]
            for part, address in zip(parts, addresses, strict=True):
                if part and address is None:
                    self._problems.append(
                        CellProblem(place, "is no e-mail address", True, session.title, part)
                    )
            if len(addresses) != len(named):
                text = f"holds {len(addresses)} addresses for {len(named)} names; they went to the names they fit"
                self._problems.append(CellProblem(place, text, False, session.title, as_text(cell)))
                addresses = fitting_addresses(
                    [each.named.name for each in named], [each for each in addresses if each]
                )
            elif not all(addresses):
                text = "has no address for somebody"
                self._problems.append(CellProblem(place, text, False, session.title, as_text(cell)))
            for mention, address in zip(named, addresses, strict=True):
                mention.named = _with_address(mention.named, address)

    def _add_companies(self, row: Row, named: list[Mention]) -> None:
        for _, cell in row.all("speaker_companies"):
            parts = [trimmed(each) for each in re.split(r"[\n;|]", as_text(cell) or "")]
            if len(parts) == len(named):
                for mention, company in zip(named, parts, strict=True):
                    mention.values |= {"company_name": company} if company else {}


def _with_address(named: Named, address: str | None) -> Named:
    fields: dict[str, Any] = {name: getattr(named, name) for name in Named.__slots__}
    return Named(**fields | {"email": named.email or address})
