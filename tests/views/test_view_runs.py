"""A sync as its admin sees it: asked for, followed, told once, read afterwards."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event as database_event
from sqlalchemy import select
from view_samples import (
    HTMX,
    end_run,
    log_in,
    make_event,
    make_mapping,
    make_record,
    make_run,
    make_user,
    user_id,
)

from portal.config import Settings
from portal.models import Membership, Organisation, Run, RunRecord, db
from portal.workers.embedded import start_queue

POLLS = 'hx-trigger="every 2s"'


@pytest.fixture
def run(app: Flask, admin: FlaskClient) -> int:
    """A run that the admin asked for."""
    event = make_event(app)
    make_mapping(app, event)
    return make_run(
        app,
        event,
        user_id=user_id(app, "admin@example.org"),
        speakers_done=4,
        speakers_total=8,
        sessions_total=3,
    )


def test_sync_is_started_with_and_without_htmx(make_app: Callable[..., Flask], tmp_path: Path) -> None:
    server, address = start_queue(Settings(instance_dir=tmp_path))
    try:
        app = make_app(redis_url=address)
        make_user(app, "admin@example.org", "One")
        events = [make_event(app), make_event(app)]
        for event in events:
            make_mapping(app, event, site=f"site {event}")
        admin = log_in(app, "admin@example.org")

        plain = admin.post(f"/orgs/one/events/{events[0]}/sync")
        part = admin.post(f"/orgs/one/events/{events[1]}/sync", headers=HTMX)
        again = admin.post(f"/orgs/one/events/{events[1]}/sync", headers=HTMX)
    finally:
        server.stop()

    assert (plain.status_code, plain.location) == (303, f"/orgs/one/events/{events[0]}/agenda")
    assert (
        admin.get(plain.location).text.count("Sync to ASP Events started.") == 2
    )  # one message for each run
    assert (part.status_code, part.headers["HX-Trigger"]) == (200, "runChanged")
    assert "Sync to ASP Events started." in part.text and POLLS in part.text
    assert "A sync for this event is already running" in again.text
    assert again.headers["HX-Reswap"] == "none"
    with app.app_context():
        assert db.session.scalars(select(Run.event_id).order_by(Run.id)).all() == events


def test_sync_without_a_queue_says_so(app: Flask, admin: FlaskClient) -> None:
    event = make_event(app)
    make_mapping(app, event)

    answer = admin.post(f"/orgs/one/events/{event}/sync")

    assert answer.status_code == 303
    assert "The queue cannot be reached" in admin.get(answer.location).text


def test_sync_of_an_unmapped_event_is_refused_in_words(app: Flask, admin: FlaskClient) -> None:
    event = make_event(app)

    answer = admin.post(f"/orgs/one/events/{event}/sync", headers=HTMX)

    assert answer.status_code == 200
    assert 'role="alert"' in answer.text
    with app.app_context():
        assert db.session.scalar(select(Run)) is None


@pytest.mark.parametrize("place", ["toast", "page"])
@pytest.mark.parametrize("status", ["succeeded", "partial", "failed", "interrupted", "cancelled"])
def test_progress_polls_only_while_the_run_works(
    app: Flask, admin: FlaskClient, run: int, place: str, status: str
) -> None:
    address = f"/orgs/one/runs/{run}/progress?place={place}"
    working = admin.get(address, headers=HTMX)
    end_run(app, run, status)
    ended = admin.get(address, headers=HTMX)

    assert POLLS in working.text
    assert "Speakers 4 of 8 · Sessions 0 of 3" in working.text
    assert POLLS not in ended.text


def test_e3_the_progress_turns_into_the_result_in_every_open_tab_and_nowhere_else(
    app: Flask, admin: FlaskClient, run: int
) -> None:
    address = f"/orgs/one/runs/{run}/progress?place=toast"
    end_run(app, run, message="Sync complete: 3 sessions.")

    first = admin.get(address, headers=HTMX)
    other_tab = log_in(app, "admin@example.org").get(address, headers=HTMX)

    for tab in (first, other_tab):
        assert tab.headers["HX-Retarget"] == f"#runs-toast-{run}"
        assert tab.headers["HX-Trigger"] == "runEnded"  # lists that show runs follow
        assert tab.text.count("Sync complete: 3 sessions.") == 1 and f"/orgs/one/runs/{run}" in tab.text
    assert "Sync complete" not in admin.get("/orgs/one/").text


def test_e3_a_tab_that_heard_of_the_run_from_another_gets_the_whole_message(
    app: Flask, admin: FlaskClient, run: int
) -> None:
    address = f"/orgs/one/runs/{run}/progress?place=toast&whole=yes"

    working = admin.get(address, headers=HTMX).text
    end_run(app, run, message="Sync complete: 3 sessions.")
    ended = admin.get(address, headers=HTMX)

    assert f'id="runs-toast-{run}"' in working and POLLS in working
    assert "Sync complete: 3 sessions." in ended.text
    assert "HX-Retarget" not in ended.headers  # there is no progress whose place it could take


def test_e3_the_run_s_own_page_needs_no_message_beside_it(app: Flask, admin: FlaskClient, run: int) -> None:
    working = admin.get(f"/orgs/one/runs/{run}").text
    end_run(app, run, message="Sync complete: 3 sessions.")
    ended = admin.get(f"/orgs/one/runs/{run}").text

    assert f'id="runs-toast-{run}"' not in working
    assert ended.count("Sync complete: 3 sessions.") == 1
    assert "Sync complete" not in admin.get("/orgs/one/").text


def test_the_result_reaches_the_page_that_is_opened_next_and_nobody_else(
    app: Flask, admin: FlaskClient, run: int
) -> None:
    make_user(app, "other@example.org", "One")
    other = log_in(app, "other@example.org")
    end_run(app, run, "partial", "Sync finished with problems.")

    assert "Sync finished with problems." not in other.get("/orgs/one/history").text
    page = admin.get("/orgs/one/history").text
    assert page.count("Sync finished with problems.") == 1
    assert 'role="alert"' in page
    assert "Sync finished with problems." not in admin.get("/orgs/one/history").text


@pytest.mark.parametrize(
    ("status", "failed", "withheld", "lead"),
    [
        ("partial", 1, 0, "See what failed"),
        ("partial", 1, 9, "See what failed"),
        ("partial", 0, 9, "See what waits for approval"),
        ("failed", 0, 0, "See why"),
        ("interrupted", 0, 0, "See why"),
        ("cancelled", 0, 0, "Show the run"),
        ("succeeded", 0, 0, "Show the run"),
    ],
)
def test_the_link_of_a_message_promises_failures_only_where_something_failed(
    app: Flask, admin: FlaskClient, run: int, status: str, failed: int, withheld: int, lead: str
) -> None:
    end_run(app, run, status, failed=failed, withheld=withheld)

    assert f'<a href="/orgs/one/runs/{run}">{lead}</a>' in admin.get("/orgs/one/").text


def test_a_running_sync_is_followed_on_every_page(admin: FlaskClient, run: int) -> None:
    for address in ("/orgs/one/", "/orgs/one/settings/team"):
        page = admin.get(address).text
        assert f'id="runs-toast-{run}"' in page
        assert "Sync to ASP Events started." in page


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_cancel_is_asked_for_once(app: Flask, admin: FlaskClient, run: int, headers: dict[str, str]) -> None:
    answer = admin.post(f"/orgs/one/runs/{run}/cancel", data={"place": "toast"}, headers=headers)

    assert answer.status_code == (200 if headers else 303)
    page = admin.get(f"/orgs/one/runs/{run}").text
    assert "Stopping after the records in hand" in page
    assert "runs-cancel-" not in page


@pytest.fixture
def ended(app: Flask, run: int) -> int:
    make_record(app, run, 0, outcome="failed", reason="Client Session ID is missing.")
    make_record(app, run, 1, outcome="updated", changed=["Title", "StartTime"])
    make_record(app, run, 77, outcome="skipped", name="Écrire un parseur", reason="Not accepted.")
    end_run(app, run, "partial", "Sync finished with problems.")
    return run


def test_e7_a_record_stands_once_with_its_warnings(app: Flask, admin: FlaskClient, run: int) -> None:
    make_record(app, run, 0)
    for warning in ("No such type.", "Too long."):
        make_record(app, run, 0, outcome="warning", reason=warning)
    make_record(app, run, 5, kind="run", name=f"Run {run}", outcome="warning", reason="A field is missing.")
    end_run(app, run)

    page = admin.get(f"/orgs/one/runs/{run}").text
    warned = admin.get(f"/orgs/one/runs/{run}?outcome=warning").text

    assert "All <b>1</b>" in page and "With a warning <b>1</b>" in page
    assert page.count(">Session 0</") == 1 and warned.count(">Session 0</") == 1
    assert page.count("A field is missing.") == 1  # E2b: a notice, no record


def test_e7_equal_reasons_are_told_once_with_their_number(app: Flask, admin: FlaskClient, run: int) -> None:
    for number in range(3):
        make_record(app, run, number)
        make_record(app, run, number, outcome="warning", reason="No such session type.")
    make_record(app, run, 9, kind="speaker", name="Ann Lee", outcome="failed", reason="No e-mail.")
    end_run(app, run, "partial")
    with app.app_context():
        like = db.session.scalars(
            select(RunRecord.id).where(RunRecord.outcome == "warning").order_by(RunRecord.id)
        ).first()

    page = admin.get(f"/orgs/one/runs/{run}").text
    alike = admin.get(f"/orgs/one/runs/{run}?like={like}").text

    assert "<strong>3 sessions</strong>: No such session type." in page
    assert page.index("No e-mail.") < page.index("No such session type.")
    assert f"?like={like}" in page and "Show these 3" in page
    assert alike.count('class="wide"') == 3 and "Ann Lee" not in alike


def test_e7_what_changed_is_shown_before_and_after(app: Flask, admin: FlaskClient, run: int) -> None:
    make_record(app, run, 0, outcome="updated", changed=["Title"], fields={"Title": ["Old <b>", "New"]})
    end_run(app, run)

    page = admin.get(f"/orgs/one/runs/{run}").text

    assert "before: </span>Old &lt;b&gt;</del>" in page and "after: </span>New</ins>" in page


def test_e7_a_run_with_failures_offers_to_try_again(app: Flask, admin: FlaskClient, run: int) -> None:
    with app.app_context():
        db.session.get_one(Run, run).counts = {"sessions": {"failed": 2, "created": 1}, "speakers": {}}
        db.session.commit()
    end_run(app, run, "partial")

    page = admin.get(f"/orgs/one/runs/{run}").text

    assert "Try the failed ones again" in page
    assert '<span class="many">2</span> <span class="what">2 sessions</span>' in page


def test_e7_a_run_can_be_downloaded(app: Flask, admin: FlaskClient, ended: int) -> None:
    make_user(app, "stranger@example.org", "Two")

    answer = admin.get(f"/orgs/one/runs/{ended}.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert [row["outcome"] for row in rows] == ["failed", "updated", "skipped"]
    assert rows[0]["reason"] == "Client Session ID is missing." and rows[1]["changed"] == "Title; StartTime"
    assert log_in(app, "stranger@example.org").get(f"/orgs/one/runs/{ended}.csv").status_code == 404


@pytest.mark.parametrize("base", ["", "https://admin.example.org/"])
def test_e7_the_record_leads_to_asp_s_back_office_where_that_is_known(
    make_app: Callable[..., Flask], base: str
) -> None:
    app = make_app(asp_back_office=base)
    make_user(app, "admin@example.org", "One")
    event = make_event(app)
    make_mapping(app, event)
    run = make_run(app, event, status="succeeded")
    make_record(app, run, asp_uuid="A-1")

    page = log_in(app, "admin@example.org").get(f"/orgs/one/runs/{run}").text

    link = 'href="https://admin.example.org/cbSeminars/sessions/index/library/1111"'
    assert (link in page) == bool(base)


def test_e7_the_list_has_counts_and_is_live_while_a_run_works(
    app: Flask, admin: FlaskClient, run: int
) -> None:
    working = admin.get("/orgs/one/runs").text
    counts = {"sessions": {"synced": 65, "attempted": 68}, "speakers": {"synced": 1, "attempted": 1}}
    with app.app_context():
        ended = db.session.get_one(Run, run)
        ended.counts, ended.actor = counts, "continuous sync"
        db.session.commit()
    end_run(app, run)
    page = admin.get("/orgs/one/runs", headers=HTMX).text

    assert "4 of 11 …" in working and "every 2s" in working
    assert "65 of 68 sessions" in page and "1 of 1 person" in page and "Continuous" in page
    assert "every 2s" not in page and "<html" not in page


def test_e7_a_large_run_takes_as_few_queries_as_a_small_one(app: Flask, admin: FlaskClient, run: int) -> None:
    asked: list[str] = []
    make_record(app, run, 0)
    make_record(app, run, 0, outcome="warning", reason="No such type.")
    end_run(app, run)
    admin.get(f"/orgs/one/runs/{run}")
    with app.app_context():
        database_event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    admin.get(f"/orgs/one/runs/{run}")
    few = len(asked)
    for number in range(1, 40):
        make_record(app, run, number, source_id=f"gone {number}")
        make_record(app, run, number, source_id=f"gone {number}", outcome="warning", reason=f"{number}")
    asked.clear()
    admin.get(f"/orgs/one/runs/{run}")

    assert len(asked) == few


def test_run_lists_its_records_worst_first(app: Flask, admin: FlaskClient, ended: int) -> None:
    page = admin.get(f"/orgs/one/runs/{ended}").text

    assert page.index("Client Session ID is missing.") < page.index("Changed: Title, StartTime")
    assert page.index("Changed: Title, StartTime") < page.index("Écrire un parseur")
    assert "sessions/00000000-0000-4000-8000-000000000000" in page
    assert "sessions/00000000-0000-4000-8000-000000000077" not in page  # no such session any more


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("outcome=failed", {"Session 0"}),
        ("search=ecrire", {"Écrire un parseur"}),
        ("search=missing", {"Session 0"}),
        ("outcome=updated&search=zzz", set()),
    ],
)
def test_run_filters_and_searches_with_and_without_htmx(
    admin: FlaskClient, ended: int, query: str, found: set[str]
) -> None:
    for headers in ({}, HTMX):
        page = admin.get(f"/orgs/one/runs/{ended}?{query}", headers=headers).text
        names = {"Session 0", "Session 1", "Écrire un parseur"}
        assert {name for name in names if f">{name}</" in page} == found
        assert ("No record matches" in page) == (not found)


def test_run_shows_its_records_in_pages(app: Flask, admin: FlaskClient, run: int) -> None:
    for number in range(201):
        make_record(app, run, number, source_id=f"gone {number}", name=f"Record {number:03}")
    end_run(app, run)

    pages = [admin.get(f"/orgs/one/runs/{run}?page={page}").text for page in (1, 2, 99)]

    assert [page.count(">Record ") for page in pages] == [200, 1, 1]
    assert "Page 1 of 2" in pages[0]


def test_runs_are_listed_for_the_organisation_and_for_the_event(
    app: Flask, admin: FlaskClient, ended: int
) -> None:
    other = make_event(app, name="Another")
    make_run(app, other, status="failed", message="ASP Events could not be reached.")

    every = admin.get("/orgs/one/runs").text
    own = admin.get(f"/orgs/one/events/{other}/runs").text

    assert "Finished with problems" in every and "Stopped" in every
    assert "ASP Events could not be reached." in own and "Finished with problems" not in own


def test_g1_who_was_removed_hears_nothing_more_of_the_organisation(app: Flask, admin: FlaskClient) -> None:
    make_user(app, "asker@example.org", "One")
    make_user(app, "asker@example.org", "Two")
    asker = log_in(app, "asker@example.org")
    event = make_event(app)
    make_mapping(app, event)
    run = make_run(app, event, user_id=user_id(app, "asker@example.org"))
    end_run(app, run, "partial", "Sync finished with problems.")
    with app.app_context():
        member = db.session.scalars(
            select(Membership.id)
            .join(Organisation)
            .where(Organisation.slug == "one", Membership.user_id == user_id(app, "asker@example.org"))
        ).one()

    admin.post(f"/orgs/one/settings/team/members/{member}/remove")

    assert "Sync finished with problems." not in asker.get("/orgs/two/").text


def test_e7_a_reason_leads_to_what_the_documentation_says_of_it(
    app: Flask, admin: FlaskClient, ended: int
) -> None:
    page = admin.get(f"/orgs/one/runs/{ended}").text
    documentation = admin.get("/orgs/one/documentation/asp-events").text

    assert 'href="/orgs/one/documentation/asp-events#reason-missing-fields"' in page
    assert 'id="reason-missing-fields"' in documentation
    assert all(
        f"<code>{slug}</code>" in documentation for slug in ("panel-moderator", "levels-checkbox", "Email")
    )


@pytest.mark.parametrize(
    ("seconds", "done", "words"),
    [
        (2, 50, ""),
        (60, 1, ""),
        (60, 50, "about 1 minute left"),
        (600, 25, "about 30 minutes left"),
        (60, 99, "less than a minute left"),
    ],
)
def test_e7_a_working_run_says_how_long_it_will_take(
    app: Flask, admin: FlaskClient, seconds: int, done: int, words: str
) -> None:
    begun = datetime.now(UTC) - timedelta(seconds=seconds)
    run = make_run(app, make_event(app), started_at=begun, sessions_total=100, sessions_done=done)

    page = admin.get(f"/orgs/one/runs/{run}/progress?place=page", headers=HTMX).text

    assert (words in page) if words else ("left" not in page)


def test_e7_a_problem_is_dismissed_and_told_again(app: Flask, admin: FlaskClient, run: int) -> None:
    end_run(app, run, "partial", "Sync finished with problems.")
    make_record(app, run, outcome="failed", reason="Its end is not after its start.")
    with app.app_context():
        row = db.session.scalars(select(RunRecord.id)).one()
    address = f"/orgs/one/runs/{run}"

    told = admin.get(address).text
    admin.post(f"{address}/problems", data={"like": row, "action": "dismiss"})
    silent, apart = admin.get(address).text, admin.get(f"{address}?outcome=dismissed").text
    admin.post(f"{address}/problems", data={"like": row, "action": "restore"})

    assert "<h2>Why</h2>" in told and 'value="dismiss"> Dismiss<' in told
    assert "Dismissed until it changes, for 1 record." in silent
    assert "<h2>Why</h2>" not in silent and "Dismissed <b>1</b>" in silent
    assert "<h2>Dismissed</h2>" in apart and 'value="restore"> Tell again<' in apart
    assert "<h2>Why</h2>" in admin.get(address).text


def test_e7_a_viewer_dismisses_nothing(app: Flask, admin: FlaskClient, viewer: FlaskClient, run: int) -> None:
    end_run(app, run, "partial", "Sync finished with problems.")
    make_record(app, run, outcome="failed", reason="Its end is not after its start.")

    assert 'value="dismiss"' not in viewer.get(f"/orgs/one/runs/{run}").text
    assert viewer.post(f"/orgs/one/runs/{run}/problems", data={"like": 1}).status_code == 403


def test_e7_a_run_without_its_requests_offers_none(app: Flask, admin: FlaskClient, run: int) -> None:
    end_run(app, run)

    assert "requests.csv" not in admin.get(f"/orgs/one/runs/{run}").text
    assert admin.get(f"/orgs/one/runs/{run}/requests.csv").text == "time,method,path,status,ms\r\n"
