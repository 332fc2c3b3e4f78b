"""How a run ended, in an admin's words (E2, E10, D12)."""

from collections import Counter
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from portal.models import Outcome, RunStatus
from portal.sync.pushing.ledger import count_outcomes, what_failed
from portal.sync.running.messages import conclude, database_away, flash_category


def counts(**outcomes: int) -> dict[str, int]:
    return count_outcomes(Counter({Outcome(name): number for name, number in outcomes.items()}))


def ended(sessions: dict[str, int], speakers: dict[str, int], *more: Any) -> tuple[RunStatus, str]:
    return conclude({"sessions": sessions, "speakers": speakers}, *more)


ONE, MANY, NONE = counts(created=1), counts(created=900, updated=60, unchanged=40), counts()
WEBSITE = "The website can take up to 15 minutes to show changes."
FIELDS = "Check that your sessions have all the required fields."
TO_APPROVE = "to unpublish so much at once needs an admin’s approval in the preview."


def test_e2_what_was_tried_is_told_apart_from_what_was_left_out() -> None:
    assert counts(created=1, updated=2, unchanged=3, failed=4, skipped=5) == {
        "attempted": 10,
        "synced": 6,
        "created": 1,
        "updated": 2,
        "unchanged": 3,
        "skipped": 5,
        "failed": 4,
    }


@pytest.mark.parametrize(
    ("sessions", "speakers", "synced"),
    [
        (ONE, ONE, "1 session, 1 speaker"),
        (MANY, NONE, "1,000 sessions, 0 speakers"),
        (NONE, MANY, "0 sessions, 1,000 speakers"),
    ],
)
def test_e2_a_complete_sync_says_how_much(sessions: Any, speakers: Any, synced: str) -> None:
    assert ended(sessions, speakers) == (
        RunStatus.SUCCEEDED,
        f"Sync complete: your data has been synced to ASP Events ({synced}). {WEBSITE}",
    )


@pytest.mark.parametrize(
    ("skipped", "why"),
    [
        (0, "there are no sessions"),
        (1, "1 session skipped; the run says why"),
        (1200, "1,200 sessions skipped; the run says why"),
    ],
)
def test_e2_where_nothing_could_be_synced_that_is_said(skipped: int, why: str) -> None:
    assert ended(counts(skipped=skipped), NONE) == (
        RunStatus.SUCCEEDED,
        f"Sync finished: nothing could be synced ({why}).",
    )


def test_e10_problems_say_how_much_went_through_and_whom_to_ask() -> None:
    some = counts(created=1200, failed=1)

    plain = ended(some, ONE)
    helped = ended(ONE, counts(failed=1), 0, "help@example.org")

    assert plain == (
        RunStatus.PARTIAL,
        f"Sync finished with problems: 1,200 of 1,201 sessions and 1 of 1 speaker were synced. {FIELDS}",
    )
    assert helped == (
        RunStatus.PARTIAL,
        f"Sync finished with problems: 1 of 1 session and 0 of 1 speaker were synced. {FIELDS}"
        " If that does not help, ask help@example.org.",
    )


@pytest.mark.parametrize(
    ("frozen", "told"),
    [(1, "1 more session was left out: it was"), (5, "5 more sessions were left out: they were")],
)
def test_f3_what_was_synced_before_a_disconnect_is_told_beside_the_numbers(frozen: int, told: str) -> None:
    left_out = (
        f"{told} synced before ASP Events was disconnected, and cannot be synced to this ASP event again."
    )

    assert ended(counts(failed=3, skipped=frozen), NONE, 0, "", frozen) == (
        RunStatus.PARTIAL,
        f"Sync finished with problems: 0 of 3 sessions and 0 of 0 speakers were synced. {FIELDS} {left_out}",
    )
    assert ended(ONE, ONE, 0, "", frozen) == (
        RunStatus.SUCCEEDED,
        f"Sync complete: your data has been synced to ASP Events (1 session, 1 speaker). {WEBSITE} {left_out}",
    )
    assert ended(ONE, ONE, 1, "", frozen)[1].startswith(
        f"Sync finished: your data has been synced to ASP Events (1 session, 1 speaker). {left_out} 1 record stays"
    )


def test_d12_what_waits_for_an_approval_is_told_with_everything_else() -> None:
    stays = f"1 record stays published although it is no longer accepted: {TO_APPROVE}"
    stay = f"1,200 records stay published although they are no longer accepted: {TO_APPROVE}"

    assert ended(ONE, ONE, 1) == (
        RunStatus.PARTIAL,
        f"Sync finished: your data has been synced to ASP Events (1 session, 1 speaker). {stays}",
    )
    assert ended(NONE, NONE, 1200) == (RunStatus.PARTIAL, f"Sync finished: nothing was changed. {stay}")
    status, message = ended(counts(failed=1), NONE, 1)
    assert (status, message.endswith(f"{FIELDS} {stays}")) == (RunStatus.PARTIAL, True)


@pytest.mark.parametrize(
    ("status", "category"),
    [
        (RunStatus.SUCCEEDED, "success"),
        (RunStatus.CANCELLED, "warning"),
        (RunStatus.PARTIAL, "error"),
        (RunStatus.FAILED, "error"),
    ],
)
def test_e3_the_message_is_as_good_as_the_news(status: RunStatus, category: str) -> None:
    assert flash_category(str(status)) == category


def test_e14b_a_database_that_is_away_is_told_without_its_statement(caplog: pytest.LogCaptureFixture) -> None:
    problem = OperationalError("SELECT secret", {"it": "secret"}, Exception("disk I/O error\nof the machine"))

    assert what_failed(problem) == "disk I/O error"
    assert database_away(7, problem) == (
        "The portal could not use its own database. What was written stays in ASP and the next sync finds it. If "
        "this comes again, see that the database runs and that its disk has room."
    )
    assert caplog.messages == ["Run 7 ended because the database could not be used: disk I/O error"]
