"""How each record stands towards ASP (E9)."""

from dataclasses import replace
from typing import Any

import pytest
from plan_samples import (
    NOW,
    START,
    contact_snapshot,
    linked_as,
    make_rules,
    on_stage,
    plan_of,
    programme_snapshot,
    session_id,
    session_snapshot,
)

from portal.sync.planning.snapshot import Links, Programme
from portal.sync.planning.standing import SECOND_TIME, KnownInAsp, Standing, SyncState, state_of

PROGRAMME = programme_snapshot(
    session_snapshot(participants=on_stage(1)), session_snapshot(2), contacts=[contact_snapshot()]
)
ONE = session_id(1)


def standing(programme: Programme, links: Links | None = None, number: int = 1, **given: Any) -> SyncState:
    """The state of one session, planned with these links."""
    links = links or Links()
    known = {name: given.pop(name) for name in ("elsewhere", "is_mapped", "failed") if name in given}
    plan = plan_of(programme, links=links, **given)
    each = next(each for each in plan.sessions if each.id == session_id(number))
    return state_of(each, KnownInAsp(links.sessions, links.frozen, **known))


def changed(**values: Any) -> Programme:
    """The same programme, its first session with other values."""
    return replace(PROGRAMME, sessions=(replace(PROGRAMME.sessions[0], **values), PROGRAMME.sessions[1]))


def linked(**values: Any) -> Links:
    """The links of a first sync, the first session's with other values."""
    links = linked_as(PROGRAMME)
    return replace(links, sessions={**links.sessions, ONE: replace(links.sessions[ONE], **values)})


def test_e9_before_the_first_sync() -> None:
    assert standing(PROGRAMME) == SyncState(Standing.WAITING)
    assert standing(PROGRAMME, is_mapped=False) == SyncState(Standing.NEVER_SENT)
    assert standing(changed(status="pending")).standing == Standing.NEVER_SENT


def test_e9_after_a_sync() -> None:
    links = linked()

    assert standing(PROGRAMME, links) == SyncState(Standing.IN_SYNC)
    assert standing(changed(title="Another"), links).standing == Standing.CHANGED
    assert standing(PROGRAMME, links, 2).standing == Standing.IN_SYNC


@pytest.mark.parametrize("links", [Links(), linked()], ids=["never sent", "in ASP"])
def test_e9_what_cannot_be_sent_has_failed_with_the_reason(links: Links) -> None:
    state = standing(changed(client_session_id=None), links)

    assert state.standing == Standing.FAILED
    assert "Client Session ID is missing" in (state.reason or "")


def test_e9_what_asp_did_not_take_has_failed_while_it_is_still_to_be_sent() -> None:
    failed, links = {ONE: "ASP refused it."}, linked()

    told = SyncState(Standing.FAILED, "ASP refused it.")
    assert (
        standing(PROGRAMME, failed=failed) == standing(changed(title="Another"), links, failed=failed) == told
    )
    assert standing(PROGRAMME, links, failed=failed).standing == Standing.IN_SYNC
    assert standing(changed(status="pending"), links, failed=failed).standing == Standing.LEFT


def test_e9_what_is_no_longer_accepted_is_left_or_unpublished() -> None:
    gone = changed(status="declined")
    unpublishing = make_rules(unpublish_sessions=True, unpublish_limit=0)
    withheld = make_rules(unpublish_sessions=True, unpublish_limit=0, unpublish_share=0.0)

    assert standing(gone, linked()).standing == Standing.LEFT
    assert standing(gone, linked(), rules=unpublishing).standing == Standing.WOULD_BE_UNPUBLISHED
    assert standing(gone, linked(), rules=withheld).standing == Standing.WOULD_BE_UNPUBLISHED
    assert standing(gone, linked(unpublished=True)).standing == Standing.UNPUBLISHED
    assert standing(gone, linked(gone=True)).standing == Standing.DELETED


def test_e9_a_frozen_session_says_so_whatever_else_keeps_it_back() -> None:
    frozen = Links(frozen=frozenset({ONE}))

    for programme in (PROGRAMME, changed(status="declined"), changed(starts_at=NOW, ends_at=NOW)):
        assert standing(programme, frozen).standing == Standing.FROZEN


def test_e9_b4_what_no_mapping_keeps_up_is_not_called_never_sent() -> None:
    assert standing(PROGRAMME, elsewhere={ONE}, is_mapped=False).standing == Standing.NO_LONGER_MAPPED
    assert standing(changed(status="declined"), elsewhere={ONE}).standing == Standing.NO_LONGER_MAPPED


def test_e9_b5_a_session_of_another_seminar_waits_with_a_warning() -> None:
    assert standing(PROGRAMME, elsewhere={ONE}) == SyncState(Standing.WAITING, SECOND_TIME)


def test_e9_an_ended_session_stays_what_it_is() -> None:
    later = START.replace(year=START.year + 1)

    assert standing(PROGRAMME, linked(), now=later).standing == Standing.LEFT
    assert standing(PROGRAMME, now=later).standing == Standing.NEVER_SENT
