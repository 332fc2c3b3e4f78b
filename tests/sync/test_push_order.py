"""What a push carries out in which order, and what it writes down of each record (D13, E2, E10, E13)."""

from dataclasses import replace
from typing import Any

import pytest
from plan_samples import make_link
from push_samples import AtOnce, RememberedAsp, RememberedLedger, RememberedWriter, intend

from portal.asp.errors import AspError, NoAnswer, NotThere, SeminarGone
from portal.models.runs import Outcome
from portal.sync.planning.intent import Action, Intended, IntendedChoice, Plan
from portal.sync.planning.payload import Reference
from portal.sync.pushing.push import push
from portal.sync.pushing.written import Written

HALL, WEB = Reference("location", "hall"), Reference("stream", "web")
ADA = Reference("speaker", "ada")
HARD = NoAnswer("ASP failed.", arrived=False, status=500)
CHARACTER = (
    "ASP failed each time this was sent (error 500). The likely cause is a character that ASP’s database cannot keep"
    ": “😀” in {}. Take it out, then sync again. The portal has changed nothing in the text."
)


def choice(
    reference: Reference, action: Action, uuid: str | None = None, name: str | None = None
) -> IntendedChoice:
    name = name or reference.key.title()
    return IntendedChoice(reference.kind, reference.key, name, action, {"Name": name}, uuid)


def written(intended: Intended, uuid: str = "", **more: Any) -> Written:
    link = make_link(intended.id, uuid) if uuid else None
    return Written(intended.kind, intended.id, intended.name, Outcome.CREATED, link=link, **more)


class Pushed:
    """What became of a plan; `results` are what the writer gives for each id, or for a choice's key."""

    def __init__(self, plan: Plan, check: Any = lambda: None, **results: Any) -> None:
        self.ledger, self.run = RememberedLedger([], [], []), AtOnce()
        self.of = RememberedWriter(results, check)
        push(plan, RememberedAsp().client, self.of.writer, self.run.pool, self.ledger)

    @property
    def order(self) -> list[str]:
        return [key for key, _ in self.of.written]

    def record(self, id: str) -> Written:
        (found,) = [each for each in self.ledger.records if each.id == id]
        return found


def test_lists_come_first_then_people_then_the_sessions_that_name_them() -> None:
    session, person = intend(id="talk"), intend("speaker", "ada", also=("twin",))
    hall = choice(HALL, Action.CREATE)

    pushed = Pushed(
        Plan((person,), (session,), (hall,), known={WEB: "ASP-W"}),
        ada=written(person, "ASP-A"),
        talk=written(session),
        hall="ASP-H",
    )

    assert pushed.order == ["hall", "ada", "talk"]
    assert pushed.run.sizes == [1, 1, 1]
    assert pushed.of.written[-1][1] == {
        WEB: "ASP-W",
        HALL: "ASP-H",
        ADA: "ASP-A",
        Reference("speaker", "twin"): "ASP-A",
    }
    assert pushed.ledger.choices == [(hall, "ASP-H")]
    assert [each.id for each in pushed.ledger.records] == ["ada", "talk"]


def test_the_plan_itself_stays_as_it_was() -> None:
    known: dict[Reference, str] = {}
    person = intend("speaker", "ada")

    Pushed(Plan((person,), known=known), ada=written(person, "ASP-A"))

    assert known == {}


def test_a_choice_that_asp_has_is_linked_without_a_request() -> None:
    same, unknown = choice(WEB, Action.UNCHANGED, "ASP-W"), choice(HALL, Action.UNCHANGED)
    changed = choice(Reference("stream", "ai"), Action.UPDATE, "ASP-I", name="AI")

    pushed = Pushed(Plan(choices=(same, unknown, changed)), ai="ASP-I")

    assert pushed.ledger.choices == [(same, "ASP-W"), (changed, "ASP-I")]
    assert pushed.order == ["ai"]


def test_a_choice_that_cannot_be_written_is_warned_of_and_stays_unknown() -> None:
    session = intend(id="talk")
    smile = choice(HALL, Action.CREATE, name="😀")

    pushed = Pushed(Plan((), (session,), (smile,)), hall=HARD, talk=written(session))

    told = CHARACTER.format("Name")
    assert pushed.ledger.warnings == [f"The location “😀” could not be written to ASP. {told}"]
    assert pushed.of.written[-1] == ("talk", {})


def test_a_record_that_cannot_be_written_fails_with_its_reason() -> None:
    session, person = intend(id="talk"), intend("speaker", "ada", values={"LastName": "😀"})

    pushed = Pushed(Plan((person,), (session,)), ada=HARD, talk=AspError("No."))

    assert pushed.ledger.records == [
        Written("speaker", "ada", "Name of ada", Outcome.FAILED, CHARACTER.format("LastName")),
        Written("session", "talk", "Name of talk", Outcome.FAILED, "No."),
    ]


def test_what_is_left_out_is_written_down_with_its_reason_and_without_a_request() -> None:
    found = make_link("b", adopted=True)
    skipped = intend(id="a", action=Action.SKIP, reason="Not accepted.", withheld=True)
    failed = intend(id="b", action=Action.FAIL, reason="No title.", link=found)
    linked = intend("speaker", "c", action=Action.FAIL, reason="No e-mail.", link=make_link("c"))

    pushed = Pushed(Plan((linked,), (skipped, failed)))

    assert pushed.order == []
    assert pushed.ledger.records == [
        Written("speaker", "c", "Name of c", Outcome.FAILED, "No e-mail."),
        Written("session", "a", "Name of a", Outcome.SKIPPED, "Not accepted.", withheld=True),
        Written("session", "b", "Name of b", Outcome.FAILED, "No title.", link=found),
    ]


def test_what_stays_is_written_down_as_unchanged() -> None:
    same = intend(id="a", action=Action.UNCHANGED, link=make_link("a"), warnings=("Mind this.",))

    pushed = Pushed(Plan((), (same,)))

    assert pushed.ledger.records == [
        Written("session", "a", "Name of a", Outcome.UNCHANGED, warnings=("Mind this.",))
    ]


@pytest.mark.parametrize("link", [make_link("a", adopted=True), make_link("former")])
def test_d11_d13_a_record_that_was_found_or_anothers_is_linked_though_nothing_differs(link: Any) -> None:
    same = intend("speaker", "a", action=Action.UNCHANGED, link=link)
    kept = replace(written(same, "ASP-1"), outcome=Outcome.UNCHANGED)

    pushed = Pushed(Plan((same,), known={WEB: "ASP-W"}), a=kept)

    assert pushed.of.written == [("a", {WEB: "ASP-W"})]
    assert pushed.ledger.records == [kept]
    assert pushed.run.sizes == [0, 0, 0]  # without a thread


def test_e13_sessions_follow_a_person_who_was_made_again() -> None:
    person = intend("speaker", "ada", link=make_link("ada", "ASP-OLD"))
    on_it = intend(
        id="talk",
        values={"Speakers": (ADA,)},
        action=Action.UNCHANGED,
        link=make_link("talk", pushed={"Speakers": ["ASP-OLD"]}),
    )
    other = intend(id="other", action=Action.UNCHANGED, link=make_link("other"))
    plan = Plan((person,), (on_it, other), known={ADA: "ASP-OLD"})

    moved = Pushed(plan, ada=written(person, "ASP-NEW"), talk=written(on_it, "ASP-T"))
    stayed = Pushed(plan, ada=written(person, "ASP-OLD"))

    assert (moved.order, stayed.order) == (["ada", "talk"], ["ada"])
    assert moved.record("other").outcome is stayed.record("talk").outcome is Outcome.UNCHANGED


def test_e13_nobody_is_put_on_a_session_by_a_record_that_is_not_there() -> None:
    session, person = intend(id="talk"), intend("speaker", "ada", link=make_link("ada"))
    gone = replace(written(person, "ASP-A"), link=make_link("ada", "ASP-A", gone=True))

    pushed = Pushed(Plan((person,), (session,), known={ADA: "ASP-A"}), ada=gone, talk=written(session))

    assert pushed.of.written[-1] == ("talk", {})


def test_d14_who_exchange_their_addresses_are_written_in_one_task() -> None:
    def swapping(id: str, before: str, after: str) -> Intended:
        link = make_link(id, f"ASP-{id}", pushed={"Email": before})
        return intend("speaker", id, values={"Email": after}, link=link)

    a, b = swapping("a", "x@example.org", "y@example.org"), swapping("b", "y@example.org", "x@example.org")

    pushed = Pushed(Plan((a, b)), a=written(a, "ASP-a"), b=written(b, "ASP-b"))

    assert pushed.run.sizes == [0, 1, 0, 0]
    assert sorted(each.id for each in pushed.ledger.records) == ["a", "b"]


def test_e10_a_404_below_the_seminar_asks_for_the_seminar_and_a_persons_does_not() -> None:
    asked: list[str] = []
    session, person, hall = intend(id="talk"), intend("speaker", "ada"), choice(HALL, Action.CREATE)
    gone = NotThere("Not there.")

    pushed = Pushed(
        Plan((person,), (session,), (hall,)), lambda: asked.append("seminar"), ada=gone, talk=gone, hall=gone
    )

    assert asked == ["seminar", "seminar"]
    assert [each.reason for each in pushed.ledger.records] == ["Not there.", "Not there."]
    assert pushed.ledger.warnings == ["The location “Hall” could not be written to ASP. Not there."]


def test_e10_what_is_known_of_the_seminar_is_not_asked_again() -> None:
    asked: list[str] = []
    session = intend(id="talk")

    Pushed(Plan((), (session,)), lambda: asked.append("seminar"), talk=SeminarGone())

    assert asked == []
