"""Lists: the names that a programme chooses from, and giving one another name (C6)."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from view_samples import HTMX, first_choice, make_event, make_mapping

from portal.models import Choice, Contact, Event, FieldMapping, HistoryEntry, Link, Session, db
from portal.programme.statuses import told_categories

EITHER = pytest.mark.parametrize("headers", [{}, HTMX])


@pytest.fixture
def event(app: Flask, admin: FlaskClient) -> int:
    return make_event(app)


def lists(event: int) -> str:
    return f"/orgs/one/events/{event}/lists"


def rename(client: FlaskClient, event: int, choice: int | None, name: str, headers=None):
    return client.post(f"{lists(event)}/choices/{choice}", data={"name": name}, headers=headers or {})


def rename_field(
    client: FlaskClient, event: int, before: str, name: str, kind: str = "session", headers=None
):
    data = {"before": before, "name": name}
    return client.post(f"{lists(event)}/fields/{kind}", data=data, headers=headers or {})


def name_of(app: Flask, choice: int | None) -> str:
    with app.app_context():
        return db.session.get_one(Choice, choice).name


def mark_synced(app: Flask, choice: int | None) -> None:
    with app.app_context():
        row = db.session.get_one(Choice, choice)
        row.synced_name = row.name
        db.session.commit()


def test_the_lists_say_how_many_use_each_name(app: Flask, admin: FlaskClient, event: int) -> None:
    with app.app_context():
        for contact in db.session.scalars(select(Contact)):
            contact.custom_fields = {"食事": "—"}
        db.session.commit()

    page = " ".join(admin.get(lists(event)).text.split())

    for title in (
        "Rooms",
        "Formats",
        "Tags",
        "Tracks",
        "Custom fields of sessions",
        "Custom fields of people",
    ):
        assert f"{title} </h2>" in page
    assert re.search(
        r'room 0</bdi></span> </td> <td class="number" data-label="In use by"><a [^>]*>1 session</a></td>',
        page,
    )
    assert 'track 0</bdi></span> </td> <td class="number" data-label="In use by">0 sessions</td>' in page
    assert 'Wish</bdi></span> </td> <td class="number" data-label="In use by">3 sessions</td>' in page
    assert '食事</bdi></span> </td> <td class="number" data-label="In use by">6 people</td>' in page
    assert 'fill="#aa3300"' in page


def test_an_event_without_names_says_where_they_come_from(app: Flask, admin: FlaskClient) -> None:
    page = admin.get(lists(make_event(app, sessions=0))).text

    assert "No names yet" in page and "Import a programme" in page


@EITHER
def test_a_row_turns_into_a_form(app: Flask, admin: FlaskClient, event: int, headers) -> None:
    choice = first_choice(app, event)

    page = admin.get(f"{lists(event)}?rename=choice-{choice}", headers=headers).text

    assert f'action="{lists(event)}/choices/{choice}"' in page
    assert page.count('value="room 0"') == 2  # the field, and what it was before
    assert ("<html" in page) == (not headers)


@EITHER
@pytest.mark.parametrize("kind", ["room", "format", "tag", "track"])
def test_a_name_is_changed(app: Flask, admin: FlaskClient, event: int, kind: str, headers) -> None:
    choice = first_choice(app, event, kind)

    answer = rename(admin, event, choice, "  मुख्य हॉल ", headers)
    page = admin.get(answer.location, headers=headers).text

    assert answer.status_code == 303
    assert name_of(app, choice) == "मुख्य हॉल"
    assert "The name is “मुख्य हॉल” now." in page
    with app.app_context():
        entry = db.session.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc())).first()
        assert (entry.kind, entry.event_id) == ("renamed", event)


@EITHER
@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("  ", "Enter a name."),
        ("ROOM 1", "There is a room “ROOM 1” already."),
        ("x" * 201, "at most 200 characters"),
    ],
)
def test_a_bad_name_is_refused_at_its_field(
    app: Flask, admin: FlaskClient, event: int, name: str, problem: str, headers
) -> None:
    choice = first_choice(app, event)

    answer = rename(admin, event, choice, name, headers)

    assert answer.status_code == 422
    assert problem in answer.text and 'aria-invalid="true"' in answer.text
    assert f'value="{name}"' in answer.text
    assert name_of(app, choice) == "room 0"


@EITHER
@pytest.mark.parametrize("kind", ["room", "format", "tag"])
def test_a_synced_name_has_a_lock_and_the_article_s_advice(
    app: Flask, admin: FlaskClient, event: int, kind: str, headers
) -> None:
    choice = first_choice(app, event, kind)
    mark_synced(app, choice)

    page = admin.get(f"{lists(event)}?rename=choice-{choice}", headers=headers).text
    answer = rename(admin, event, choice, "Another", headers)

    assert "Make a new one, put it on the sessions, and sync again; the old one stays in ASP." in page
    assert 'name="name"' not in page
    assert answer.status_code == 422
    assert f"The {kind} “{kind} 0” cannot be renamed." in answer.text
    assert name_of(app, choice) == f"{kind} 0"


def test_a_track_is_never_sent_and_stays_free(app: Flask, admin: FlaskClient, event: int) -> None:
    choice = first_choice(app, event, "track")
    mark_synced(app, choice)

    assert rename(admin, event, choice, "Another").status_code == 303


@EITHER
def test_a_custom_field_is_renamed_everywhere(app: Flask, admin: FlaskClient, event: int, headers) -> None:
    mapping = make_mapping(app, event)
    with app.app_context():
        row = FieldMapping(mapping_id=mapping, kind="session", position=99, field="custom:Wish", slug="wish")
        db.session.add(row)
        db.session.commit()

    answer = rename_field(admin, event, "Wish", "Drinks & more", headers=headers)

    assert answer.status_code == 303
    assert "Drinks &amp; more" in admin.get(answer.location).text
    with app.app_context():
        fields = [session.custom_fields for session in db.session.scalars(select(Session))]
        assert fields == [{"Drinks & more": ["tea", "coffee"]}] * 3
        mapped = db.session.scalars(select(FieldMapping.field).where(FieldMapping.slug == "wish")).one()
        assert mapped == "custom:Drinks & more"


@EITHER
def test_a_synced_custom_field_is_locked(app: Flask, admin: FlaskClient, event: int, headers) -> None:
    mapping = make_mapping(app, event)
    with app.app_context():
        organisation = db.session.get_one(Event, event).organisation_id
        row = FieldMapping(mapping_id=mapping, kind="session", position=99, field="custom:Wish", slug="wish")
        link = Link(
            organisation_id=organisation,
            site_uuid="site",
            seminar_uuid="seminar",
            kind="session",
            key="k",
            asp_uuid="a",
            pushed={"wish": "tea"},
            pushed_hash="h",
        )
        db.session.add_all([row, link])
        db.session.commit()

    answer = rename_field(admin, event, "Wish", "Drinks", headers=headers)

    assert "Names with a lock have been synced" in admin.get(lists(event)).text
    assert answer.status_code == 422
    assert "The custom field “Wish” cannot be renamed." in answer.text


@pytest.mark.parametrize(("before", "kind"), [("Nothing", "session"), ("Wish", "speaker"), ("", "session")])
def test_an_unknown_custom_field_is_refused(admin: FlaskClient, event: int, before: str, kind: str) -> None:
    answer = rename_field(admin, event, before, "Another", kind)

    assert answer.status_code == 422
    assert f"There is no custom field “{before}”." in answer.text


def test_a_viewer_sees_the_lists_greyed_with_the_reason(app: Flask, viewer: FlaskClient, event: int) -> None:
    page = viewer.get(f"{lists(event)}?rename=choice-{first_choice(app, event)}").text

    assert "Only admins can rename; you are a viewer." in page
    assert (
        'aria-disabled="true"' in page
        and "<form" not in page.split('id="lists-lists"')[1].split("</main>")[0]
    )


# D6: what the statuses mean


def sort_statuses(client: FlaskClient, event: int, headers=None, **categories: str):
    data = {}
    for number, (name, category) in enumerate(categories.items()):
        data |= {f"statuses-{number}-name": name, f"statuses-{number}-category": category}
    return client.post(f"{lists(event)}/statuses", data=data, headers=headers or {})


def give_status(app: Flask, event: int, status: str) -> None:
    """The first session of the event has a status of the organiser's own."""
    with app.app_context():
        session = db.session.scalars(select(Session).where(Session.event_id == event)).first()
        assert session is not None
        session.status = status
        db.session.commit()


def told(app: Flask, event: int) -> dict[str, str]:
    with app.app_context():
        return told_categories(event)


@EITHER
def test_d6_an_admin_says_what_a_status_means(app: Flask, admin: FlaskClient, event: int, headers) -> None:
    give_status(app, event, "confirmed")
    agenda = f"/orgs/one/events/{event}/agenda"
    assert "“confirmed”</bdi> counts as pending until somebody says what it means" in admin.get(agenda).text

    answer = sort_statuses(admin, event, headers, confirmed="accepted")

    page = answer.text if headers else admin.get(answer.location).text
    assert told(app, event) == {"confirmed": "accepted"}
    assert "The statuses are saved" in page and '<option selected value="accepted">' in page
    # what was sent for the statuses is answered with them, and with nothing that stands elsewhere on the page
    assert [f'id="lists-{part}"' in page for part in ("statuses", "lists")] == [True, not headers]
    assert "until somebody says" not in admin.get(agenda).text
    with app.app_context():
        entry = db.session.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc())).first()
        assert entry is not None and entry.text == "Small Conf: “confirmed” counts as accepted."


def test_d6_a_status_left_alone_stays_unsorted(app: Flask, admin: FlaskClient, event: int) -> None:
    give_status(app, event, "confirmed")

    answer = sort_statuses(admin, event, confirmed="")

    assert "Nothing was changed" in admin.get(answer.location).text
    assert told(app, event) == {}


@EITHER
@pytest.mark.parametrize(
    ("status", "category", "message"),
    [
        ("gone", "accepted", "has the status “gone”"),
        ("accepted", "declined", "always counts as accepted"),
        ("confirmed", "perhaps", "Not a valid choice"),
    ],
)
def test_d6_nothing_is_sorted_wrongly(
    app: Flask, admin: FlaskClient, event: int, headers, status: str, category: str, message: str
) -> None:
    give_status(app, event, "confirmed")

    answer = sort_statuses(admin, event, headers, **{status: category})

    assert answer.status_code == 422
    assert message in answer.text
    assert told(app, event) == {}


def test_d6_a_viewer_sees_the_statuses_and_sorts_none(app: Flask, viewer: FlaskClient, event: int) -> None:
    give_status(app, event, "confirmed")

    page = viewer.get(lists(event)).text

    assert "confirmed" in page and "Save Statuses" not in page
    assert sort_statuses(viewer, event, confirmed="accepted").status_code == 403
    assert told(app, event) == {}


def names(client: FlaskClient, event: int, query: str = "", headers=None) -> list[str]:
    page = client.get(f"{lists(event)}?{query}", headers=headers or {}).text
    return re.findall(r'<bdi class="title">([^<]+)</bdi>', page.split('id="lists-lists"')[1])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("search=ROOM", ["room 0", "room 1", "room 2"]),
        ("search=+1", ["room 1", "format 1", "tag 1", "track 1"]),
        ("list=tag", ["tag 0", "tag 1", "tag 2"]),
        ("list=tag&list=room&search=2", ["room 2", "tag 2"]),
        ("use=unused", ["track 0", "track 1", "track 2"]),
        ("use=synced", ["room 0"]),
        ("list=level", []),
        ("search=nothing", []),
    ],
)
@EITHER
def test_names_are_searched_and_narrowed(
    app: Flask, admin: FlaskClient, event: int, query: str, found: list[str], headers
) -> None:
    mark_synced(app, first_choice(app, event))

    assert names(admin, event, query, headers) == found


def test_each_name_leads_to_the_sessions_that_use_it(admin: FlaskClient, event: int) -> None:
    page = admin.get(lists(event)).text

    assert f'href="/orgs/one/events/{event}/agenda?room=room+0">1 session</a>' in page.replace("%20", "+")
    assert f'<a class="chip" id="lists-lists-use-1" href="{lists(event)}?use=unused"' in page


def test_g5_a_hundred_names_stand_on_a_page_and_the_one_that_is_renamed_among_them(
    app: Flask, admin: FlaskClient, event: int
) -> None:
    with app.app_context():
        rows = [
            Choice(event_id=event, kind="tag", source_id=f"n{n}", name=f"name {n:03}") for n in range(250)
        ]
        db.session.add_all(rows)
        db.session.commit()
        last = rows[-1].id

    pages = [names(admin, event, f"list=tag&page={page}") for page in (1, 2, 3)]
    asked = admin.get(f"{lists(event)}?list=tag&rename=choice-{last}").text
    renamed = admin.post(
        f"{lists(event)}/choices/{last}", data={"name": "Another", "back": "list=tag&search=an&evil=1"}
    )

    assert [len(page) for page in pages] == [100, 100, 53]
    assert 'aria-label="New name of name 249"' in asked
    assert renamed.headers["Location"] == f"{lists(event)}?search=an&list=tag&at=choice-{last}"


@EITHER
def test_d1_a_synced_tag_keeps_its_name_and_gets_another_colour(
    app: Flask, admin: FlaskClient, event: int, headers
) -> None:
    tag = first_choice(app, event, "tag")
    mark_synced(app, tag)
    row = admin.get(f"{lists(event)}?rename=choice-{tag}").text

    answer = admin.post(f"{lists(event)}/choices/{tag}", data={"colour": "#0AF"}, headers=headers)
    renamed = admin.post(f"{lists(event)}/choices/{tag}", data={"name": "Other", "colour": "#0af"})

    assert f'aria-label="Colour of {name_of(app, tag)}"' in row and 'name="name"' not in row
    assert answer.status_code == 303 and renamed.status_code == 422
    with app.app_context():
        found = db.session.get_one(Choice, tag)
        assert (found.name, found.colour) == ("tag 0", "#00aaff")
        told = db.session.scalars(select(HistoryEntry.text).order_by(HistoryEntry.id.desc())).first()
        assert told == "Gave the tag “tag 0” of Small Conf the colour #00aaff."


def test_g3_a_colour_that_is_none_is_refused_at_its_field(app: Flask, admin: FlaskClient, event: int) -> None:
    tag = first_choice(app, event, "tag")

    answer = admin.post(f"{lists(event)}/choices/{tag}", data={"name": "Kept", "colour": "red"})

    assert answer.status_code == 422
    assert "Write a colour as #3550d4." in answer.text and 'value="Kept"' in answer.text
    assert name_of(app, tag) == "tag 0"
