"""What a sync would do, seen before it does it (E8), and the approval of D12 on the same page."""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from statements import count_queries
from sync_world import KEY, SECRET, SEMINAR, SITE
from view_samples import HTMX, change_session, log_in, make_event, make_user, session_id

from asp_local.server import LocalAsp
from portal.config import Settings
from portal.models import (
    Choice,
    Event,
    HistoryEntry,
    Mapping,
    Organisation,
    Run,
    Session,
    StoredPreview,
    StoredPreviewRecord,
    db,
)
from portal.operations.connection.connecting import connect_asp
from portal.operations.mapping.adding import add_mapping
from portal.operations.syncing.preparing import prepare_changes
from portal.operations.syncing.previewing import make_preview
from portal.operations.syncing.runs import perform_run, request_run
from portal.workers.embedded import start_queue

EITHER = pytest.mark.parametrize("headers", [{}, HTMX])


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[str]:
    server, address = start_queue(Settings(instance_dir=tmp_path))
    yield address
    server.stop()


@pytest.fixture
def app(make_app: Callable[..., Flask], local_asp: LocalAsp, queue: str) -> Flask:
    return make_app(asp_base_url=local_asp.url, redis_url=queue)


def map_event(app: Flask, event: int, **settings: bool) -> int:
    with app.app_context():
        organisation = db.session.scalars(select(Organisation)).one()
        connect_asp(organisation, KEY, SECRET, False, "test")
        added = add_mapping(db.session.get_one(Event, event), SITE, SEMINAR, "test")
        for name, value in settings.items():
            setattr(added.mapping, name, value)
        db.session.commit()
        return added.mapping.id


def sync(app: Flask, mapping: int) -> None:
    with app.app_context():
        perform_run(request_run(db.session.get_one(Mapping, mapping), "test").id)


@pytest.fixture
def event(app: Flask, admin: FlaskClient) -> int:
    """Three sessions, one of which lacks its client session ID; mapped, and not synced yet."""
    event = make_event(app)
    change_session(app, event, 2, client_session_id=None)
    map_event(app, event)
    return event


def address(event: int) -> str:
    return f"/orgs/one/events/{event}/preview"


def look(app: Flask, client: FlaskClient, event: int, query: str = "") -> str:
    """Ask, let the worker's job make it, and open the page."""
    assert client.post(address(event)).status_code == 303
    work(app)
    return client.get(address(event) + query).text


def work(app: Flask) -> None:
    with app.app_context():
        waiting = select(StoredPreview.id).where(StoredPreview.made_at.is_(None))
        for preview_id in list(db.session.scalars(waiting)):
            make_preview(preview_id)


def latest(app: Flask) -> StoredPreview:
    with app.app_context():
        return db.session.scalars(select(StoredPreview).order_by(StoredPreview.id.desc())).first()


def runs(app: Flask) -> list[int]:
    with app.app_context():
        return list(db.session.scalars(select(Run.unpublish_approved).order_by(Run.id)))


def test_e8_options_lead_to_the_preview(admin: FlaskClient, event: int) -> None:
    page = admin.get(f"/orgs/one/events/{event}/agenda").text

    assert f'href="{address(event)}"' in page and "Preview sync" in page
    first = admin.get(address(event)).text
    assert "Look now" in first and 'hx-trigger="load, submit"' in first  # it begins by itself


@EITHER
def test_e8_a_worker_makes_it_while_the_page_waits(
    app: Flask, admin: FlaskClient, event: int, headers: dict[str, str]
) -> None:
    asked = admin.post(address(event), headers=headers)
    again = admin.post(address(event), headers=headers)
    waiting = admin.get(address(event), headers=headers).text
    asks_by_itself = headers | {"HX-Trigger": "previews-preview"}
    still = admin.get(address(event), headers=asks_by_itself)
    work(app)
    made = admin.get(address(event), headers=asks_by_itself).text

    assert asked.status_code == again.status_code == 303
    assert 'hx-trigger="every 1s"' in waiting and "Comparing the programme" in waiting
    assert (still.status_code, still.text) == (204, "")
    assert 'hx-trigger="every 1s"' not in made and "Sync this" in made
    with app.app_context():
        assert len(db.session.scalars(select(StoredPreview)).all()) == 1


def test_e8_it_tells_what_would_be_created_and_what_would_fail(
    app: Flask, admin: FlaskClient, local_asp: LocalAsp, event: int
) -> None:
    before = local_asp.stats()["writes"]

    page = look(app, admin, event)

    assert "2 sessions, 4 people" in page  # to create
    assert "Client Session ID is missing. Add it on the session, then sync again." in page
    assert "1 record: Client Session ID is missing." in page
    assert "<strong>6 records to create.</strong>" in page
    assert local_asp.stats()["writes"] == before


def test_e8_equal_warnings_are_told_once_and_lead_to_their_records(
    app: Flask, admin: FlaskClient, event: int
) -> None:
    with app.app_context():
        db.session.execute(update(Choice).where(Choice.kind == "format").values(name="Devroom"))
        db.session.commit()

    page = look(app, admin, event)
    of_a_group = admin.get(f"{address(event)}?group=create").text

    told = "is no session type of the seminar"
    assert page.count("<strong>2 sessions</strong>: The format") == 1
    assert page.count(told) == 2  # in sight, and for those who hear the link beside it
    assert of_a_group.count(told) == 2  # at each of the two sessions


def test_a_status_in_a_reason_is_written_as_words(app: Flask, admin: FlaskClient, event: int) -> None:
    change_session(app, event, 1, status="decline_queue")

    assert "Not accepted (status: decline queue)." in look(app, admin, event)
    assert "Not accepted (status: decline queue)." in admin.get(f"/orgs/one/events/{event}/agenda").text


def test_e8_an_update_is_shown_field_by_field(app: Flask, admin: FlaskClient, event: int) -> None:
    mapping = map_event(app, event)
    sync(app, mapping)
    change_session(app, event, 0, title="A <new> title", description=None)

    page = look(app, admin, event)

    assert "Title</span>" in page
    assert '<del dir="auto"><span class="visually-hidden">before: </span>Session 0</del>' in page
    assert '<ins dir="auto"><span class="visually-hidden">after: </span>A &lt;new&gt; title</ins>' in page
    assert '<span class="nothing">empty</span>' in page  # the description is cleared
    assert "<strong>1 record to update.</strong>" in page


@EITHER
def test_e8_sync_this_sends_what_was_shown(
    app: Flask, admin: FlaskClient, event: int, headers: dict[str, str]
) -> None:
    look(app, admin, event)

    answer = admin.post(f"{address(event)}/sync", data={"preview": latest(app).id}, headers=headers)

    assert (answer.location or answer.headers["HX-Redirect"]) == "/orgs/one/runs/1"
    assert runs(app) == [0]


def test_e8_sync_this_says_when_the_programme_changed_since(
    app: Flask, admin: FlaskClient, event: int
) -> None:
    look(app, admin, event)
    shown = latest(app).id
    change_session(app, event, 0, title="Changed meanwhile")

    outdated = admin.get(address(event)).text
    answer = admin.post(f"{address(event)}/sync", data={"preview": shown})
    told = admin.get(answer.location).text
    work(app)
    anew = admin.get(address(event)).text

    assert "The programme has changed since this was looked at." in outdated
    assert runs(app) == []
    assert "The programme has changed since the preview was made, so nothing was sent." in told
    assert "Comparing the programme" in told  # the new one is on its way
    assert "1 record is not as in the preview before" in anew
    assert anew.count("bi-stars") == 2  # in the notice, and at the record


def test_e8_only_the_latest_preview_can_be_sent(app: Flask, admin: FlaskClient, event: int) -> None:
    look(app, admin, event)
    shown = latest(app).id
    look(app, admin, event)

    answer = admin.post(f"{address(event)}/sync", data={"preview": shown})

    assert "A newer preview was made meanwhile, so nothing was sent." in admin.get(answer.location).text
    assert runs(app) == []
    with app.app_context():
        assert len(set(db.session.scalars(select(StoredPreviewRecord.preview_id)))) == 1


@pytest.fixture
def withholding(app: Flask, admin: FlaskClient) -> int:
    """Thirty synced sessions, all of which were declined since."""
    event = make_event(app, sessions=30)
    mapping = map_event(app, event, unpublish_sessions=True)
    sync(app, mapping)
    with app.app_context():
        db.session.execute(update(Session).where(Session.event_id == event).values(status="declined"))
        db.session.commit()
    return event


def test_e8_what_was_seen_of_a_mapping_goes_with_it(app: Flask, admin: FlaskClient, withholding: int) -> None:
    look(app, admin, withholding)
    with app.app_context():
        mapping = db.session.scalars(select(Mapping)).one()
        number, mapping.changes_waiting = mapping.id, 3
        db.session.commit()

    admin.post(f"/orgs/one/integrations/asp/mappings/{number}/remove")

    with app.app_context():
        assert db.session.scalar(select(StoredPreview)) is None
        assert db.session.scalar(select(StoredPreviewRecord)) is None
        assert db.session.scalars(select(Mapping)).one().changes_waiting is None


def test_d12_the_preview_lists_all_records_that_wait_for_approval(
    app: Flask, admin: FlaskClient, withholding: int
) -> None:
    page = look(app, admin, withholding)

    assert "30 published records would be unpublished. That needs your approval." in page
    assert 'name="approve" value="30"' in page
    assert all(f">Session {number}</a>" in page for number in range(30))


@pytest.mark.parametrize(("approve", "approved"), [({"approve": 30}, [0, 30]), ({}, [0, 0])])
def test_d12_the_tick_approves_for_the_one_sync(
    app: Flask, admin: FlaskClient, withholding: int, approve: dict[str, int], approved: list[int]
) -> None:
    look(app, admin, withholding)

    admin.post(f"{address(withholding)}/sync", data={"preview": latest(app).id, **approve})

    assert runs(app) == approved
    with app.app_context():
        texts = list(db.session.scalars(select(HistoryEntry.text)))
    assert ("Approved unpublishing 30 records of Small Conf in ASP." in texts) == bool(approve)


def test_d12_another_number_is_refused(app: Flask, admin: FlaskClient, withholding: int) -> None:
    look(app, admin, withholding)

    answer = admin.post(f"{address(withholding)}/sync", data={"preview": latest(app).id, "approve": 29})

    assert "The preview asks about 30 records, not 29." in admin.get(answer.location).text
    assert runs(app) == [0]


def test_e8_what_waits_under_prepare_only_is_shown(app: Flask, admin: FlaskClient, event: int) -> None:
    mapping = map_event(app, event, prepare_only=True)

    with app.app_context():
        waiting = prepare_changes(db.session.get_one(Mapping, mapping))
    page = admin.get(address(event)).text

    assert waiting == 6
    assert "by continuous sync" in page and "<strong>6 records to create.</strong>" in page


def test_e8_groups_kinds_reasons_and_words_narrow_it_down(app: Flask, admin: FlaskClient, event: int) -> None:
    look(app, admin, event)
    here = address(event)
    with app.app_context():
        failing = db.session.scalars(
            select(StoredPreviewRecord.id).where(StoredPreviewRecord.group == "fail")
        ).one()

    def names(query: str) -> set[str]:
        page = admin.get(f"{here}?{query}").text
        wanted = ["Session 0", "Session 2", "First1 Lást1", "First2 Lást0"]
        return {name for name in wanted if f">{name}</a>" in page}

    assert names("") == {"Session 0", "Session 2", "First1 Lást1", "First2 Lást0"}
    assert names("group=create") == {"Session 0", "First1 Lást1"}
    assert names("kind=session") == {"Session 0", "Session 2"}
    assert names("search=LAST1") == {"First1 Lást1"}
    assert names(f"like={failing}") == {"Session 2"}
    assert names("search=100%25") == set()
    assert "No record matches" in admin.get(f"{here}?search=zzz").text


@pytest.fixture
def thousand(app: Flask, admin: FlaskClient, event: int) -> int:
    """A preview of a thousand updates and a thousand skipped people."""
    look(app, admin, event)
    preview = latest(app).id
    with app.app_context():
        db.session.add_all(
            StoredPreviewRecord(
                preview_id=preview,
                group="update" if kind == "session" else "skip",
                kind=kind,
                source_id=f"{kind} {number}",
                name=f"Many {number:04}",
                reason=None if kind == "session" else f"Reason {number % 300}",
                fields={"Title": ["Before", "After"]} if kind == "session" else {},
                words=f"many {number:04}",
            )
            for kind in ("session", "speaker")
            for number in range(1000)
        )
        db.session.commit()
    return event


def test_g5_a_preview_never_renders_more_than_200_rows(app: Flask, admin: FlaskClient, thousand: int) -> None:
    def rows(query: str) -> int:
        page = admin.get(f"{address(thousand)}{query}").text
        return page.count('<div class="reason">') + page.count("<li><span>")

    assert 20 < rows("") <= 200
    assert (rows("?group=update"), rows("?group=update&page=10"), rows("?group=skip&page=99")) == (
        100,
        100,
        2,
    )
    assert ">Many 0999</span>" in admin.get(f"{address(thousand)}?group=update&page=10").text


def test_e8_a_large_preview_takes_as_few_queries_as_a_small_one(
    app: Flask, admin: FlaskClient, event: int, request: pytest.FixtureRequest
) -> None:
    look(app, admin, event)
    small = count_queries(app, lambda: admin.get(address(event)))
    request.getfixturevalue("thousand")

    assert count_queries(app, lambda: admin.get(address(event))) == small


def test_e8_it_can_be_downloaded(app: Flask, admin: FlaskClient, event: int) -> None:
    sync(app, map_event(app, event))
    change_session(app, event, 0, title="=cmd()")
    look(app, admin, event)

    answer = admin.get(f"/orgs/one/events/{event}/preview.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert [row["would"] for row in rows[:2]] == ["fail", "update"]
    assert rows[1]["name"] == "'=cmd()" and rows[1]["changes"] == "Title: Session 0 → =cmd()"
    assert len(rows) == 9


def test_e8_what_stops_a_sync_is_said(
    app: Flask, admin: FlaskClient, local_asp: LocalAsp, event: int
) -> None:
    with app.app_context():
        db.session.execute(update(Mapping).values(seminar_uuid="00000000-0000-4000-8000-0000000000FF"))
        db.session.commit()

    page = look(app, admin, event)

    assert "Nothing would be synced." in page and "Sync this" not in page


def test_g1_a_viewer_reads_it_and_nobody_else_sees_it(app: Flask, admin: FlaskClient, event: int) -> None:
    make_user(app, "viewer@example.org", "One", role="viewer")
    make_user(app, "stranger@example.org", "Two")
    viewer, stranger = log_in(app, "viewer@example.org"), log_in(app, "stranger@example.org")
    look(app, admin, event)

    page = viewer.get(address(event)).text

    assert "Only admins can sync; you are a viewer." in page and 'aria-disabled="true"' in page
    assert viewer.post(address(event)).status_code == 403
    assert viewer.post(f"{address(event)}/sync", data={"preview": latest(app).id}).status_code == 403
    for path in (address(event), f"{address(event)}.csv"):
        assert stranger.get(path).status_code == 404


def test_e8_without_a_mapping_there_is_nothing_to_preview(app: Flask, admin: FlaskClient) -> None:
    event = make_event(app)

    page = admin.get(address(event)).text
    assert "This event is not mapped to an ASP event yet" in page
    assert f"/orgs/one/integrations/asp?step=2&amp;new=1&amp;event={event}" in page  # B6
    answer = admin.post(address(event))
    assert "ASP Events is not connected." in admin.get(answer.location).text


def test_e8_without_a_queue_it_says_so(make_app: Callable[..., Flask], local_asp: LocalAsp) -> None:
    app = make_app(asp_base_url=local_asp.url)
    make_user(app, "admin@example.org", "One")
    client, event = log_in(app, "admin@example.org"), make_event(app)
    map_event(app, event)

    answer = client.post(address(event))

    assert "The queue cannot be reached" in client.get(answer.location).text
    assert session_id(0) not in client.get(address(event)).text


def test_e8_what_is_written_elsewhere_does_not_make_it_old(
    app: Flask, admin: FlaskClient, event: int
) -> None:
    look(app, admin, event)
    another = make_event(app, name="Another")
    change_session(app, another, 0, title="Of another event")
    with app.app_context():
        db.session.scalars(select(Mapping)).one().changes_waiting = 3
        db.session.commit()

    assert "has changed since this was looked at" not in admin.get(address(event)).text
