"""In which order people are written, so that an address is free before the next one takes it (D14)."""

from plan_samples import CONTRACT, make_link

from portal.sync.planning.intent import Action, Intended
from portal.sync.pushing.emails import in_stages


def person(
    id: str, before: str | None, after: str, action: Action = Action.UPDATE, **more: object
) -> Intended:
    link = make_link(id, f"ASP-{id}", pushed={"Email": f"{before}@example.org"}) if before else None
    return Intended("speaker", id, id, action, values={"Email": f"{after}@example.org"}, link=link, **more)


def stages(*people: Intended) -> list[tuple[list[str], bool]]:
    return [([each.id for each in stage.records], stage.circle) for stage in in_stages(people, CONTRACT)]


def test_d14_who_keeps_their_address_is_written_in_one_stage() -> None:
    people = [person("a", "a", "a"), person("b", None, "b", Action.CREATE)]

    assert stages(*people) == [(["a", "b"], False)]


def test_d14_an_address_is_given_up_before_it_is_taken() -> None:
    people = [person("a", "a", "b"), person("b", "b", "c"), person("c", "c", "new")]

    assert stages(*people) == [(["c"], False), (["b"], False), (["a"], False), ([], False)]


def test_d14_who_is_new_takes_an_address_after_it_was_given_up() -> None:
    people = [person("new", None, "a", Action.CREATE), person("a", "a", "b")]

    assert stages(*people) == [(["a"], False), (["new"], False)]


def test_d14_who_exchange_their_addresses_are_a_circle_and_others_come_after_it() -> None:
    people = [person("x", "x", "a"), person("a", "a", "b"), person("b", "b", "a"), person("y", "y", "z")]

    assert stages(*people) == [
        (["y"], False),
        (["a", "b"], True),
        (["x"], False),
        ([], False),
    ]


def test_d14_two_circles_are_gone_through_one_after_the_other() -> None:
    swap = [person("a", "a", "b"), person("b", "b", "a"), person("c", "c", "d"), person("d", "d", "c")]

    assert stages(*swap) == [(["a", "b"], True), (["c", "d"], True), ([], False)]


def test_d14_an_address_differs_in_more_than_its_case() -> None:
    assert stages(person("a", "a", "A")) == [(["a"], False)]


def test_d14_who_is_left_out_or_unpublished_gives_up_no_address() -> None:
    people = [
        person("a", "a", "b", Action.SKIP),
        person("b", "b", "c", Action.FAIL),
        person("c", "c", "d", Action.UNCHANGED),
        person("d", "d", "e", Action.UPDATE, publish=False),
    ]

    assert stages(*people) == [(["d"], False)]


def test_d14_of_two_records_with_one_address_the_first_gives_it_up() -> None:
    assert stages(person("a", "same", "x"), person("b", "same", "y")) == [(["a"], False), (["b"], False)]
