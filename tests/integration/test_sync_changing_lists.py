"""Lists that change while their pages are read make no duplicate (E11)."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import delete
from sync_world import World, crowd

from portal.models import Link, db

NUMBER = 7  # records of a kind, on pages of two
LISTS = ["/sessions", "GET /public/speakers"]
FAULTS = ["pages_with_a_gap", "pages_that_overlap"]


@pytest.fixture
def paged(make_world: Callable[..., World], tmp_path: Path) -> World:
    """A world whose lists come in many pages."""
    contract = tmp_path / "asp.toml"
    contract.write_text("[transport]\npage_size = 2\n", encoding="utf-8")
    return make_world(asp_contract=str(contract))


def forget_links() -> None:
    """As when a run was killed before it stored them."""
    db.session.execute(delete(Link))
    db.session.commit()


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("which", LISTS)
@pytest.mark.parametrize("times", [1, 4])
def test_e11_list_that_changed_while_it_was_read_is_read_again(
    paged: World, fault: str, which: str, times: int
) -> None:
    event = paged.prepare(crowd(NUMBER))
    paged.sync(event)
    forget_links()
    paged.asp.control(**{fault: times, "fail_paths": which})

    run = paged.sync(event)

    assert (run.status, run.counts["sessions"]["created"], run.counts["speakers"]["created"]) == (
        "succeeded",
        0,
        0,
    )
    paged.assert_each_once(NUMBER, NUMBER)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("which", LISTS)
def test_e11_nothing_is_created_when_the_list_goes_on_changing(paged: World, fault: str, which: str) -> None:
    event = paged.prepare(crowd(NUMBER))
    paged.sync(event)
    forget_links()
    paged.asp.control(**{fault: 1000, "fail_paths": which})

    run = paged.sync(event)

    assert (run.status, run.writes) == ("failed", 0)
    assert "changed each time while it was read" in str(run.message)
    paged.asp.control(**{fault: 0})
    paged.sync(event)
    paged.assert_each_once(NUMBER, NUMBER)


@pytest.mark.parametrize("fault", FAULTS)
def test_e11_create_whose_answer_was_lost_is_found_in_a_list_that_changes(paged: World, fault: str) -> None:
    event = paged.prepare(crowd(NUMBER))
    paged.asp.control(**{fault: 12, "fail_paths": "/sessions", "drop_after_commit_rate": 0.5})

    run = paged.sync(event)

    assert run.status == "succeeded"
    paged.assert_each_once(NUMBER, NUMBER)


def test_e11_records_that_come_in_at_the_end_of_the_list_disturb_nothing(paged: World) -> None:
    """Others of the run itself are created while a lost answer is looked for."""
    event = paged.prepare(crowd(4 * NUMBER))
    paged.asp.control(drop_after_commit_rate=0.3, fail_paths="POST /public/s")

    run = paged.sync(event)

    assert run.status == "succeeded"
    paged.assert_each_once(4 * NUMBER, 4 * NUMBER)
