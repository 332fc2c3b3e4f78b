"""H2 by command line: `portal programme import` of a spreadsheet."""

import json
from pathlib import Path

import pytest
from command import Command
from sqlalchemy import select
from sync_world import World, crowd

from portal.models import Event, Session, db

GOOD = "ID,Title,Start,End,Room,Speakers\n"
GOOD += "1,Opening,2027-05-11 09:00,2027-05-11 10:00,Hall,Ada Moor <ada@example.org>\n"
BAD = GOOD + "2,Second,sometime,,Hall,\n"


def file(folder: Path, text: str, name: str = "programme.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def sessions() -> list[str | None]:
    db.session.expire_all()
    return sorted(db.session.scalars(select(Session.title)))


@pytest.fixture
def slug(world: World) -> str:
    return world.organisation.slug


def test_a_new_event_comes_in_and_the_same_file_changes_nothing(
    run: Command, slug: str, tmp_path: Path
) -> None:
    path = file(tmp_path, GOOD)
    new = run.json(
        "programme", "import", path, "--org", slug, "--new-event", "Forum", "--timezone", "Europe/Paris"
    )
    again = run.json("programme", "import", path, "--org", slug, "--event", new["event"])

    assert new["sessions"] == {"created": 1, "updated": 0, "unchanged": 0, "missing": 0}
    assert new["columns"]["Start"] == "starts_at" and new["problems"] == []
    assert (
        again["sessions"] == again["contacts"] == {"created": 0, "updated": 0, "unchanged": 1, "missing": 0}
    )


def test_check_stores_nothing(run: Command, slug: str, tmp_path: Path) -> None:
    found = run.json(
        "programme", "import", file(tmp_path, GOOD), "--org", slug, "--new-event", "Forum",
        "--timezone", "Europe/Paris", "--check",
    )  # fmt: skip

    assert found["event"] is None and found["sessions"]["created"] == 1
    assert db.session.scalar(select(Event.id).where(Event.name == "Forum")) is None


def test_a_bad_row_keeps_everything_out_unless_it_may_be_skipped(
    run: Command, slug: str, tmp_path: Path
) -> None:
    words = (
        "programme",
        "import",
        file(tmp_path, BAD),
        "--org",
        slug,
        "--new-event",
        "F",
        "--timezone",
        "UTC",
    )
    refused = run.json(*words, status=1)

    assert [(each["row"], each["column"]) for each in refused["problems"]] == [(3, "Start")]
    assert "Opening" not in sessions()

    skipped = run.json(*words, "--skip-bad-rows", status=3)

    assert skipped["sessions"]["created"] == 1 and "Opening" in sessions()


def test_problems_are_said_on_stderr_with_the_title(run: Command, slug: str, tmp_path: Path) -> None:
    words = (
        "programme", "import", file(tmp_path, BAD), "--org", slug, "--new-event", "F", "--timezone", "UTC"
    )  # fmt: skip
    said = "Problem: row 3, column “Start”: “sometime” is no date or time (Second).\n"
    how = "1 row has a problem. Mend the file, or leave them out with --skip-bad-rows.\n"

    assert run(*words).stderr == said + how
    assert run(*words, "--skip-bad-rows", "--check").stderr == said


def test_columns_are_chosen_by_a_file(run: Command, slug: str, tmp_path: Path) -> None:
    path = file(tmp_path, "Was,Foo,Bar\nOpening,x,y\n")
    columns = file(
        tmp_path, '[columns]\n"Was" = "title"\n"Foo" = "custom:Size"\n"Bar" = ""\n', "columns.toml"
    )
    found = run.json(
        "programme", "import", path, "--org", slug, "--new-event", "F", "--timezone", "UTC",
        "--columns", columns,
    )  # fmt: skip

    assert found["columns"] == {"Was": "title", "Foo": "custom:Size", "Bar": None}
    assert db.session.scalar(select(Session).where(Session.title == "Opening")).custom_fields == {"Size": "x"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('"Nowhere" = "title"', "no column “Nowhere”"),
        ('"Title" = "titel"', "“titel”, chosen for the column “Title”, is no field"),
        ("Title = [", "is no TOML file"),
    ],
)
def test_columns_that_cannot_be_are_refused(
    run: Command, slug: str, tmp_path: Path, text: str, message: str
) -> None:
    result = run(
        "programme", "import", file(tmp_path, GOOD), "--org", slug, "--new-event", "F", "--timezone", "UTC",
        "--columns", file(tmp_path, text, "columns.toml"),
    )  # fmt: skip

    assert result.exit_code == 1 and message in result.stderr


def test_the_order_of_day_and_month_is_asked_for_and_taken(run: Command, slug: str, tmp_path: Path) -> None:
    path = file(tmp_path, "Title,Date,Start time\nOpening,04/05/2027,09:00\n")
    words = ("programme", "import", path, "--org", slug, "--new-event", "F", "--timezone", "UTC")
    asked, answered = run(*words), run(*words, "--date-order", "month-first", "--json")

    assert asked.exit_code == 1 and "--date-order day-first or --date-order month-first" in asked.stderr
    assert answered.exit_code == 0 and json.loads(answered.stdout)["problems"] == []
    start = db.session.scalar(select(Session.starts_at).where(Session.title == "Opening"))
    assert f"{start:%Y-%m-%d}" == "2027-04-05"


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--new-event", "F"),
        ("--new-event", "F", "--event", "7", "--timezone", "UTC"),
        ("--event", "7", "--timezone", "UTC"),
    ],
)
def test_a_spreadsheet_needs_one_event(
    run: Command, slug: str, tmp_path: Path, words: tuple[str, ...]
) -> None:
    assert run("programme", "import", file(tmp_path, GOOD), "--org", slug, *words).exit_code == 2


@pytest.mark.parametrize("written_as", ["csv", "xlsx", "json"])
def test_an_export_comes_in_again_unchanged(run: Command, slug: str, tmp_path: Path, written_as: str) -> None:
    first = file(tmp_path, GOOD.replace("Ada Moor", "Ada / Moor"))
    new = run.json(
        "programme", "import", first, "--org", slug, "--new-event", "Forum", "--timezone", "Europe/Paris",
    )  # fmt: skip
    path = tmp_path / f"again.{written_as}"
    words = ("programme", "export", "--org", slug, "--event", new["event"], "--format", written_as)
    printed, written = run(*words), run(*words, "--output", path)
    where = () if written_as == "json" else ("--event", new["event"])
    again = run.json("programme", "import", path, "--org", slug, *where)

    assert printed.exit_code == written.exit_code == 0 and written.stdout == ""
    if written_as != "xlsx":  # a workbook carries the time at which it was made
        assert printed.stdout_bytes == path.read_bytes()
    assert (
        again["sessions"] == again["contacts"] == {"created": 0, "updated": 0, "unchanged": 1, "missing": 0}
    )
    assert again.get("problems", []) == []


def test_the_day_of_times_without_one_is_asked_and_told(run: Command, slug: str, tmp_path: Path) -> None:
    path = file(tmp_path, "Title,Start\nOpening,9:00\n")
    words = ("programme", "import", path, "--org", slug, "--new-event", "F", "--timezone", "UTC")
    asked = run(*words)
    told = run.json(*words, "--day", "2027-05-11")

    assert asked.exit_code == 1 and "add --day 2027-03-04" in asked.stderr
    assert told["sessions"]["created"] == 1


def test_json_is_checked_without_being_stored_and_kept_to_its_event(
    run: Command, slug: str, tmp_path: Path
) -> None:
    programme = {
        "event": {"id": 77, "name": "Conf", "timezone": "Europe/Paris"},
        "sessions": [],
        "contacts": [],
    }
    path = file(tmp_path, json.dumps(programme), "p.json")
    checked = run.json("programme", "import", path, "--org", slug, "--check")
    other = run.json(
        "programme", "import", file(tmp_path, GOOD), "--org", slug, "--new-event", "F", "--timezone", "UTC"
    )
    refused = run("programme", "import", path, "--org", slug, "--event", other["event"])

    assert checked["event"] == 77 and db.session.scalar(select(Event.id).where(Event.name == "Conf")) is None
    assert refused.exit_code == 1 and "is of the event “Conf”" in refused.stderr


def test_a_check_of_json_says_in_words_what_the_import_would_do(
    run: Command, slug: str, tmp_path: Path
) -> None:
    programme = {
        "event": {"id": 77, "name": "Conf", "timezone": "Europe/Paris"},
        "sessions": [],
        "contacts": [],
    }
    result = run(
        "programme", "import", file(tmp_path, json.dumps(programme), "p.json"), "--org", slug, "--check"
    )

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "Looked at only; nothing was stored. For Conf it would be:",
        "Sessions: 0 created, 0 updated, 0 unchanged, 0 missing from the file.",
        "People: 0 created, 0 updated, 0 unchanged, 0 missing from the file.",
    ]


def test_a_check_of_json_asks_what_the_import_would_ask(run: Command, world: World, tmp_path: Path) -> None:
    world.sync(world.prepare(crowd(1)))
    path = tmp_path / "out.json"
    run("programme", "export", "--org", "one", "--event", "4630", "--format", "json", "--output", path)
    programme = json.loads(path.read_text("utf-8"))
    programme["event"]["timezone"] = "America/New_York"
    path.write_text(json.dumps(programme), "utf-8")

    asked = run("programme", "import", path, "--org", "one", "--check")
    told = run.json("programme", "import", path, "--org", "one", "--check", "--confirm-timezone")

    assert asked.exit_code == 1 and "timezone" in asked.stderr
    assert told["sessions"]["created"] == 0


def test_sessions_without_an_id_are_numbered_by_a_pattern_once(
    run: Command, slug: str, tmp_path: Path
) -> None:
    text = "ID,Title,Start\nS-002,Second,2027-05-11 10:00\n,Third,2027-05-11 11:00\n,First,2027-05-11 09:00\n"
    path = file(tmp_path, text)
    words = ("programme", "import", path, "--org", slug, "--number", "S-{number:03}")
    new = run.json(*words, "--new-event", "Forum", "--timezone", "UTC")
    again = run.json(*words, "--event", new["event"])
    plain = run.json(*words[:5], "--event", new["event"])

    ids = dict(db.session.execute(select(Session.title, Session.client_session_id)).all())
    assert (ids["First"], ids["Second"], ids["Third"]) == ("S-001", "S-002", "S-003")
    assert again["sessions"]["unchanged"] == plain["sessions"]["unchanged"] == 3
    assert run(*words[:5], "--event", new["event"], "--number", "S-").exit_code == 1


def test_the_year_is_asked_for_and_taken(run: Command, slug: str, tmp_path: Path) -> None:
    path = file(tmp_path, "Title,Day,Start time\nOpening,Sat 30 Jan,9:30am\n")
    words = ("programme", "import", path, "--org", slug, "--new-event", "F", "--timezone", "UTC")
    asked, answered = run(*words), run(*words, "--year", "2027", "--json")

    assert asked.exit_code == 1 and "add --year 2027" in asked.stderr
    assert answered.exit_code == 0
    assert f"{db.session.scalar(select(Session.starts_at)):%Y-%m-%d %H:%M}" == "2027-01-30 09:30"


def test_columns_are_remembered_for_the_next_file_with_these_headers(
    run: Command, slug: str, tmp_path: Path
) -> None:
    path = file(tmp_path, "Title,Foo\nOpening,x\n")
    words = ("programme", "import", path, "--org", slug)
    new = run.json(
        *words, "--new-event", "F", "--timezone", "UTC", "--columns", file(tmp_path, 'Foo = "room"', "c.toml")
    )
    again = run.json(*words, "--event", new["event"])
    changed = run.json(
        *words, "--event", new["event"], "--columns", file(tmp_path, 'Foo = "track"', "c.toml")
    )

    assert again["columns"] == {"Title": "title", "Foo": "room"}
    assert again["sessions"]["unchanged"] == 1
    assert "The columns were read as in the last file with these headers." in again["notes"]
    assert changed["columns"]["Foo"] == "track"


def test_the_letters_of_a_file_can_be_told(run: Command, slug: str, tmp_path: Path) -> None:
    path = tmp_path / "polish.csv"
    path.write_bytes("Tytuł;Początek\nŚwięto;2027-05-11 09:00\n".encode("cp1250"))
    new = ["programme", "import", path, "--org", slug, "--new-event", "Forum", "--timezone", "Europe/Warsaw"]

    assert run(*new, "--encoding", "klingon").exit_code == 1
    found = run.json(*new, "--encoding", "windows-1250")
    again = run.json("programme", "import", path, "--org", slug, "--event", found["event"])

    assert found["columns"] == {"Tytuł": "title", "Początek": "starts_at"} and sessions() == ["Święto"]
    assert again["sessions"]["unchanged"] == 1, "the event remembers it"
