"""People who exchange their addresses: the first one's is set free for as long as that takes (D14)."""

from typing import Any

import pytest
from plan_samples import make_link
from push_samples import SITE, RememberedAsp, intend, make_writer

from portal.asp.errors import (
    AspError,
    CredentialsRejected,
    Duplicate,
    NoAnswer,
    NotThere,
    Stopped,
    Unreachable,
)
from portal.models.runs import Outcome
from portal.sync.planning.intent import Intended
from portal.sync.pushing.emails import write_circle
from portal.sync.pushing.written import Written

ENDS = (CredentialsRejected(), Stopped(), Unreachable("away", arrived=False))
PLACEHOLDER = "a@moving.invalid"


def swapping(id: str, before: str, after: str) -> Intended:
    link = make_link(id, f"ASP-{id}", pushed={"Email": f"{before}@example.org"})
    return intend("speaker", id, values={"Email": f"{after}@example.org"}, link=link)


CIRCLE = (swapping("a", "x", "y"), swapping("b", "y", "z"), swapping("c", "z", "x"))


def exchange(*answers: AspError | None, **more: Any) -> tuple[list[tuple[str, str]], list[Written]]:
    """Who got which address in which order, and what is written down; `answers` are ASP's, one by one."""
    asp = RememberedAsp(update_speaker=list(answers), **more)
    written = write_circle(CIRCLE, asp.client, make_writer(asp), {})
    assert {name for name, *_ in asp.calls} == {"update_speaker"}
    return [(uuid, values["Email"]) for _, uuid, values, _ in asp.calls], written


def test_each_takes_an_address_that_is_free_by_then() -> None:
    sent, written = exchange()

    assert sent == [
        ("ASP-a", PLACEHOLDER),
        ("ASP-c", "x@example.org"),
        ("ASP-b", "z@example.org"),
        ("ASP-a", "y@example.org"),
    ]
    assert [(each.id, each.outcome) for each in written] == [
        ("c", Outcome.UPDATED),
        ("b", Outcome.UPDATED),
        ("a", Outcome.UPDATED),
    ]


@pytest.mark.parametrize("step", range(4))
@pytest.mark.parametrize("problem", ENDS, ids=lambda each: type(each).__name__)
def test_what_ends_the_run_ends_it_at_every_step(problem: AspError, step: int) -> None:
    with pytest.raises(type(problem)):
        exchange(*[None] * step, problem)


def test_who_gets_no_placeholder_is_written_all_the_same_and_says_what_is_wrong() -> None:
    sent, written = exchange(NotThere("Not there."), Duplicate(None))

    assert [uuid for uuid, _ in sent] == ["ASP-a", "ASP-c", "ASP-b", "ASP-a"]
    assert [each.outcome for each in written] == [Outcome.FAILED, Outcome.UPDATED, Outcome.UPDATED]


def test_who_got_no_placeholder_keeps_the_former_address_and_is_told_of_none() -> None:
    sent, written = exchange(*[Duplicate(None)] * 4)

    assert [uuid for uuid, _ in sent] == ["ASP-a", "ASP-c", "ASP-b", "ASP-a"]
    assert [(each.outcome, each.warnings) for each in written] == [(Outcome.FAILED, ())] * 3


def test_who_cannot_be_written_gets_the_former_address_again() -> None:
    sent, written = exchange(None, None, None, NoAnswer("ASP failed.", arrived=False, status=500))

    assert sent[-2:] == [("ASP-a", "y@example.org"), ("ASP-a", "x@example.org")]
    assert written[-1] == Written("speaker", "a", "Name of a", Outcome.FAILED, "ASP failed.")


def test_whose_former_address_is_anothers_by_then_is_told_what_stands_there() -> None:
    _, written = exchange(None, None, None, NoAnswer("ASP failed.", arrived=False), Duplicate("ASP-c"))

    assert written[-1].warnings == (
        f"In ASP their e-mail address is {PLACEHOLDER} until this is put right: x@example.org is another’s now.",
    )
    assert written[-1].reason == "ASP failed."


def test_who_is_new_in_a_circle_has_no_address_to_give_up() -> None:
    asp = RememberedAsp(create_speaker=[Duplicate(None)])
    new = intend("speaker", "n", values={"Email": "n@example.org"})

    (written,) = write_circle((new,), asp.client, make_writer(asp), {})

    assert written.outcome is Outcome.FAILED
    assert asp.calls == [("create_speaker", SITE, {"Email": "n@example.org"})]
