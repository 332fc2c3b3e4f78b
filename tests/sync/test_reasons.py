"""The catalogue of reasons: what plans and runs say is made from it, and so is its page of the documentation."""

import ast
from pathlib import Path

import pytest
from plan_samples import contact_snapshot, plan_of, programme_snapshot, session_snapshot

from portal.sync.planning import reasons
from portal.sync.planning.reasons import REASONS, Weight, find_reason, reason_in_words, reasons_page

ROOT = Path(__file__).parents[2]


def test_the_documentation_has_the_reasons_as_they_are() -> None:
    assert (ROOT / "docs" / "reasons.md").read_text(encoding="utf-8") == reasons_page()


def test_every_reason_has_a_code_of_its_own_and_says_what_to_do() -> None:
    assert len({each.code for each in REASONS}) == len(REASONS) > 20
    assert [each.code for each in REASONS if not each.what_to_do] == []
    assert {each.weight for each in REASONS} == set(Weight)


def test_every_reason_is_given_somewhere() -> None:
    used = {
        node.attr
        for path in (ROOT / "portal" / "sync").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "reasons"
    }
    named = {name for name, value in vars(reasons).items() if isinstance(value, reasons.Reason)}

    assert named - used == set()


@pytest.mark.parametrize("reason", REASONS, ids=lambda each: each.code)
def test_a_reason_is_found_again_in_its_words(reason: reasons.Reason) -> None:
    values = {"fields", "verb", "them", "kind", "start", "end", "name", "names", "whose", "slug", "message"}
    values |= {"field", "type", "found", "event", "site", "value", "format", "used", "wanted", "until", "day"}
    values |= {"others", "id", "why", "uuid", "before", "after", "status", "roles"}

    words = reason.words(**{each: f"a {{{each}}}" for each in values})

    assert find_reason(f"{words} More is said.") is reason


def test_what_a_plan_says_of_its_records_is_in_the_catalogue() -> None:
    people = [contact_snapshot(1), contact_snapshot(2, email=None)]
    programme = programme_snapshot(
        session_snapshot(1, title=None),
        session_snapshot(2, status="pending"),
        session_snapshot(3, format="Unheard of"),
        contacts=people,
    )
    plan = plan_of(programme)

    said = [each.reason for each in (*plan.sessions, *plan.speakers) if each.reason]
    said += [warning for each in (*plan.sessions, *plan.speakers) for warning in each.warnings]

    assert len(said) >= 3
    assert [text for text in said if find_reason(text) is None] == []


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ("Not accepted (status: decline_queue).", "Not accepted (status: decline queue)."),
        (
            "Not accepted (status: on_hold_2). Its record in ASP stays as it is.",
            "Not accepted (status: on hold 2). Its record in ASP stays as it is.",
        ),
        ("Not accepted (status: ).", "Not accepted (status: )."),
        ("Client Session ID is missing.", "Client Session ID is missing."),
        ("ASP refused my_field: it is too long", "ASP refused my_field: it is too long"),
    ],
)
def test_e9_a_page_says_a_reason_s_status_in_words(stored, said):
    assert reason_in_words(stored) == said


@pytest.mark.parametrize("told", ["No URL", "No URL."])
def test_d16_what_asp_says_and_who_is_named_end_in_one_full_stop(told):
    assert reasons.REFUSED.words(slug="Website", message=told).startswith(
        "ASP refused Website: No URL. It is not"
    )
    assert reasons.SHARED_EMAIL.words(names="Ada Lee Jr.").startswith(
        "Has the same e-mail address as Ada Lee Jr. Give"
    )
