"""H2 on the pages: upload, columns, look, Import; nothing is stored before that."""

import io
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from view_samples import HTMX, log_in, make_event, make_user

from portal.models import ColumnMemory, Event, Session, Upload, db, now

GOOD = (
    "ID,Title,Start,End,Room,Speakers\n"
    "1,Opening,2027-05-11 09:00,2027-05-11 10:00,Hall,Ada Moor <ada@example.org>\n"
)
BAD = GOOD + "2,Second,sometime,,Hall,\n3,Third,soon,,Hall,\n"
JSON = '{"event": {"id": 1, "name": "Conf", "timezone": "Europe/Paris"}, "sessions": [], "contacts": []}'


def upload(browser: FlaskClient, text: str | bytes, file_name: str = "programme.csv", **values: str) -> str:
    """Upload a file for a new event; returns where that leads."""
    told = {"name": "Forum", "timezone": "Europe/Paris"} | values
    content = text.encode() if isinstance(text, str) else text
    answer = browser.post("/orgs/one/import", data={"file": (io.BytesIO(content), file_name), **told})
    assert answer.status_code == 303, answer.text
    return answer.location


def look_of(columns: str) -> str:
    return columns.removesuffix("/columns")


def seen_in(page: str) -> str:
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found
    return found[1]


def titles(app: Flask) -> list[str | None]:
    with app.app_context():
        return sorted(db.session.scalars(select(Session.title)))


def test_a_spreadsheet_is_looked_at_and_stored_by_import_alone(app: Flask, admin: FlaskClient) -> None:
    columns = upload(admin, GOOD)
    page = admin.get(columns).text

    assert '<option value="starts_at" selected>' in page and "2027-05-11 09:00" in page

    look = look_of(columns)
    assert admin.post(columns, data={}).location == look
    shown = admin.get(look).text

    assert "Opening" in shown and "1 session, 1 person" in shown and titles(app) == []

    done = admin.post(f"{look}/import", data={"seen": seen_in(shown)})

    assert done.status_code == 303 and titles(app) == ["Opening"]
    assert "Forum was imported: 1 session, 1 person." in admin.get(done.location).text
    assert admin.get(look).status_code == 404


def test_a_column_is_chosen_otherwise_and_remembered(app: Flask, admin: FlaskClient) -> None:
    event = make_event(app, sessions=0, source_id="7")
    address = f"/orgs/one/events/{event}/import"

    def bring(text: str) -> str:
        return admin.post(address, data={"file": (io.BytesIO(text.encode()), "p.csv")}).location

    columns = bring(GOOD)
    admin.post(columns, data={"header": ["!Room"], "field": ["custom:Place"]})
    page = admin.get(look_of(columns)).text
    admin.post(f"{look_of(columns)}/import", data={"seen": seen_in(page)})
    again = bring(GOOD.replace("Hall", "Foyer"))

    assert not again.endswith("/columns")
    assert "Place" in admin.get(again).text and "Foyer" in admin.get(again).text
    with app.app_context():
        assert db.session.scalars(select(ColumnMemory)).one().choices["columns"] == {"!Room": "custom:Place"}


def test_bad_cells_are_typed_anew_and_bad_rows_left_out(app: Flask, admin: FlaskClient) -> None:
    look = look_of(upload(admin, BAD))
    page = admin.get(look).text
    refused = admin.post(f"{look}/import", data={"seen": seen_in(page)})

    assert "“Start” is no date or time" in page and "2 rows" in page and "Second" in page
    assert refused.status_code == 422 and titles(app) == []

    told = {"place": '["", 3, "Start"]', "was": "sometime", "action": "mend"}
    admin.post(look, data={**told, "fix": "sometime"})
    assert "sometime" in admin.get(look).text
    admin.post(look, data={**told, "fix": "2027-05-11 11:00"})
    admin.post(look, data={"action": "leave_out"})
    page = admin.get(look).text
    done = admin.post(f"{look}/import", data={"seen": seen_in(page)})

    assert "Bring 1 row back" in page
    assert done.status_code == 303 and titles(app) == ["Opening", "Second"]


def test_the_order_of_day_and_month_is_asked(app: Flask, admin: FlaskClient) -> None:
    columns = upload(admin, "Title,Date,Start time\nOpening,04/05/2027,09:00\n")

    assert "Which comes first in this file’s dates" in admin.get(columns).text
    assert "Which comes first in the dates" in admin.get(look_of(columns)).text

    admin.post(columns, data={"order": "month-first"})
    page = admin.get(look_of(columns)).text

    assert "5 April 2027, 09:00" in page and "problem" not in page.partition("page-foot")[2]


def test_a_change_is_shown_field_by_field(app: Flask, admin: FlaskClient) -> None:
    look = look_of(upload(admin, GOOD))
    admin.post(f"{look}/import", data={"seen": seen_in(admin.get(look).text)})
    with app.app_context():
        event = db.session.scalars(select(Event.id)).one()
    text = GOOD.replace("Hall", "Foyer") + "2,New one,2027-05-11 11:00,,Foyer,\n"
    second = admin.post(
        f"/orgs/one/events/{event}/import", data={"file": (io.BytesIO(text.encode()), "p.csv")}
    ).location
    page = admin.get(look_of(second)).text

    assert re.search(r"<del[^>]*>.*?Hall</del>.*?<ins[^>]*>.*?Foyer</ins>", page, re.DOTALL)
    assert "New one" in page


def test_a_refused_answer_keeps_all_that_was_chosen_and_typed(admin: FlaskClient) -> None:
    columns = upload(admin, GOOD)
    answer = admin.post(
        columns,
        data={"header": ["!Room"], "field": ["custom:Place"], "number": "S-001", "new_status": "pending"},
    )

    assert answer.status_code == 422 and "Write the pattern of the IDs" in answer.text
    assert '<option value="custom:Place" selected>' in answer.text
    assert 'value="S-001"' in answer.text and '<option value="pending" selected>' in answer.text


def test_columns_that_leave_nothing_can_be_chosen_again(app: Flask, admin: FlaskClient) -> None:
    columns = upload(admin, GOOD)
    admin.post(columns, data={"header": ["!Title"], "field": [""]})
    look = admin.get(look_of(columns))
    page = admin.get(columns)

    assert "no column holds the titles" in look.text
    assert page.status_code == 200 and "What the columns hold" in page.text

    admin.post(columns, data={"header": ["!Title"], "field": ["title"]})
    assert "1 session, 1 person" in admin.get(look_of(columns)).text


def test_json_is_looked_at_too(app: Flask, admin: FlaskClient) -> None:
    look = upload(admin, JSON, "p.json", name="", timezone="")
    page = admin.get(look).text
    with app.app_context():
        assert db.session.scalar(select(Event)) is None
    done = admin.post(f"{look}/import", data={"seen": seen_in(page)})

    assert "<bdi>Conf</bdi>, a new event" in page and "Conf was imported" in admin.get(done.location).text


def test_json_has_no_columns(admin: FlaskClient) -> None:
    look = upload(admin, JSON, "p.json", name="", timezone="")

    answers = [
        admin.get(f"{look}/columns"),
        admin.post(f"{look}/columns"),
        admin.post(f"{look}/letters", data={"encoding": "cp1252"}),
    ]

    assert [each.status_code for each in answers] == [404] * 3


def test_what_changed_meanwhile_is_shown_again_before_it_is_stored(app: Flask, admin: FlaskClient) -> None:
    first, second = look_of(upload(admin, GOOD)), ""
    admin.post(f"{first}/import", data={"seen": seen_in(admin.get(first).text)})
    with app.app_context():
        event = db.session.scalars(select(Event.id)).one()
    second = look_of(
        admin.post(
            f"/orgs/one/events/{event}/import",
            data={"file": (io.BytesIO(GOOD.replace("Hall", "Foyer").encode()), "p.csv")},
        ).location
    )
    seen = seen_in(admin.get(second).text)
    with app.app_context():
        db.session.scalars(select(Session)).one().title = "Renamed"
        db.session.commit()
    answer = admin.post(f"{second}/import", data={"seen": seen})

    assert answer.status_code == 422 and "The event has changed since you looked" in answer.text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty"),
        (b"PK\x03\x04broken", "no workbook"),
        (JSON.replace("Paris", "Nowhere").encode(), "event.timezone"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_at_its_field(
    admin: FlaskClient, content: bytes, said: str
) -> None:
    answer = admin.post(
        "/orgs/one/import",
        data={"file": (io.BytesIO(content), "p"), "name": "Forum", "timezone": "Europe/Paris"},
        headers=HTMX,
    )

    assert answer.status_code == 422 and said in answer.text


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": ""}, "Enter a name for the new event."),
        ({"timezone": ""}, "Enter its timezone: region and city, as Europe/Paris."),
        ({"timezone": "Europe/Pari"}, "is no timezone."),
        ({}, None),
    ],
)
def test_g3_a_new_event_needs_name_and_timezone(
    admin: FlaskClient, values: dict[str, str], said: str | None
) -> None:
    told = {"name": "Forum", "timezone": "Europe/Paris"} | values
    answer = admin.post("/orgs/one/import", data={"file": (io.BytesIO(GOOD.encode()), "p.csv"), **told})

    assert answer.status_code == (422 if said else 303)
    assert said is None or (said in answer.text and f'value="{told["timezone"]}"' in answer.text)


def test_g1_an_upload_is_private_to_the_admins_of_its_organisation(
    app: Flask, admin: FlaskClient, viewer: FlaskClient
) -> None:
    columns = upload(admin, GOOD)
    make_user(app, "other@example.org", "Two")
    other = log_in(app, "other@example.org")

    for address in (columns, look_of(columns)):
        assert viewer.get(address).status_code == 403
        assert other.get(address).status_code == 404
        assert other.get(address.replace("/one/", "/two/")).status_code == 404
    assert "programme.csv" not in other.get("/orgs/two/import").text
    assert "programme.csv" in admin.get("/orgs/one/import").text


def test_an_upload_waits_for_a_day_and_no_longer(app: Flask, admin: FlaskClient) -> None:
    look = look_of(upload(admin, GOOD))
    with app.app_context():
        db.session.scalars(select(Upload)).one().created_at = now() - timedelta(hours=25)
        db.session.commit()

    assert admin.get(look).status_code == 404
    upload(admin, GOOD)
    with app.app_context():
        assert len(db.session.scalars(select(Upload)).all()) == 1


def test_cancel_forgets_the_file(app: Flask, admin: FlaskClient) -> None:
    look = look_of(upload(admin, GOOD))
    answer = admin.post(f"{look}/cancel")

    assert answer.status_code == 303 and titles(app) == []
    with app.app_context():
        assert db.session.scalar(select(Upload)) is None


def test_the_template_comes_in_as_nothing(admin: FlaskClient) -> None:
    template = admin.get("/orgs/one/import/template.xlsx")
    answer = admin.post(
        "/orgs/one/import",
        data={"file": (io.BytesIO(template.data), "t.xlsx"), "name": "Forum", "timezone": "Europe/Paris"},
    )
    page = admin.get(look_of(answer.location)).text

    assert "is a row of the template" in page or "lists no session and nobody" in page


def test_the_year_of_days_without_one_is_asked_on_the_columns_page(app: Flask, admin: FlaskClient) -> None:
    columns = upload(admin, "Title,Day,Start time\nOpening,Sat 30 Jan,9:30am\n")

    assert "Which year are this file’s days in?" in admin.get(columns).text
    assert "Write the year with four digits" in admin.post(columns, data={"year": "27"}).text

    admin.post(columns, data={"year": "2027"})

    assert "30 January 2027, 09:30" in admin.get(look_of(columns)).text


TURKISH = "Başlık;Başlangıç;Konuşmacı\nAçılış;2027-05-11 09:00;Ayşe Yılmaz\n".encode("cp1254")


def test_the_letters_of_a_file_are_chosen_by_how_its_names_read(app: Flask, admin: FlaskClient) -> None:
    columns = upload(admin, TURKISH)
    page = admin.get(columns).text

    assert "Baþlýk · Baþlangýç · Konuþmacý" in page and "Başlık · Başlangıç · Konuşmacı" in page

    admin.post(columns, data={"header": ["!Baþlýk"], "field": ["title"]})
    chosen = admin.post(f"{look_of(columns)}/letters", data={"encoding": "cp1254"})
    again = admin.get(chosen.location).text

    assert chosen.status_code == 303 and 'value="cp1254" checked' in again
    assert '<option value="starts_at" selected>' in again and "Where names look wrong" not in again

    look = admin.get(look_of(columns)).text
    admin.post(f"{look_of(columns)}/import", data={"seen": seen_in(look)})

    assert titles(app) == ["Açılış"] and "Ayşe Yılmaz" in look
    with app.app_context():
        event = db.session.scalars(select(Event)).one().id
    data = {"file": (io.BytesIO(TURKISH), "p.csv")}
    next_file = admin.post(f"/orgs/one/events/{event}/import", data=data).location

    assert not next_file.endswith("/columns"), "the event remembers it"
    assert "Ayşe Yılmaz" not in admin.get(next_file).text, "nothing changes"


@pytest.mark.parametrize("encoding", ["", "utf-8", "rot13", "cp932"])
def test_letters_that_the_file_cannot_have_are_refused(admin: FlaskClient, encoding: str) -> None:
    columns = upload(admin, TURKISH)
    answer = admin.post(f"{look_of(columns)}/letters", data={"encoding": encoding})

    assert answer.status_code == 422 and 'role="alert"' in answer.text


def test_a_file_that_says_how_it_is_written_asks_nothing(admin: FlaskClient) -> None:
    assert "Names look wrong?" not in admin.get(upload(admin, GOOD)).text
    assert "Names look wrong?" not in admin.get(upload(admin, TURKISH.decode("cp1254"))).text
