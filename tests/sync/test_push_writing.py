"""What is sent for one record, and what is known of it afterwards (D9, D11, D13–D16, E11, E13)."""

from typing import Any

import pytest
from plan_samples import make_link
from push_samples import SEMINAR, SITE, RememberedAsp, Shown, intend, make_writer

from portal.asp.errors import AspError, Duplicate, NoAnswer, NotThere, RecordRefused, SeminarGone
from portal.asp.records import AspRecord
from portal.models.runs import Outcome
from portal.sync.planning.intent import Action, Intended, IntendedChoice
from portal.sync.planning.payload import Reference, payload_hash
from portal.sync.planning.snapshot import LinkSnapshot
from portal.sync.pushing.writing import SHOWN_ALL_THE_SAME, Writer
from portal.sync.pushing.written import Written

GONE = NotThere("No such record")
DELETED = "It was deleted in ASP by hand."
DELETED_ADVICE = (
    f"{DELETED} To have it recreated, allow that in the mapping’s Event Settings, then sync again."
)
TAKEN = (
    "Another speaker of this ASP event has this e-mail address{}. "
    "Correct the address here or in ASP, then sync again."
)
PERSON = {"Email": "ada@example.org", "LastName": "Lovelace"}


def link_of(written: Written) -> LinkSnapshot:
    assert written.link is not None
    return written.link


# What is new


def test_d15_a_new_session_is_sent_without_what_is_empty_and_shown_as_it_says() -> None:
    asp, values = RememberedAsp(), {"Title": "One", "Description": "", "Speakers": ()}

    shown = make_writer(asp).write(intend(values=values), {})
    hidden = make_writer(asp).write(intend(values=values, public=False), {})

    assert asp.calls == [
        ("create_session", SEMINAR, {"Title": "One"}, True),
        ("create_session", SEMINAR, {"Title": "One"}, False),
    ]
    link = LinkSnapshot("1", "NEW-1", {"Title": "One"}, payload_hash({**values, "Speakers": []}))
    assert shown == Written("session", "1", "Name of 1", Outcome.CREATED, link=link, changed=("Title",))
    assert (link_of(shown).hidden, link_of(hidden).hidden) == (False, True)


def test_a_new_person_is_made_for_the_site() -> None:
    asp = RememberedAsp()

    written = make_writer(asp).write(intend("speaker", values=PERSON, warnings=("Mind this.",)), {})

    assert asp.calls == [("create_speaker", SITE, PERSON)]
    assert written == Written(
        "speaker",
        "1",
        "Name of 1",
        Outcome.CREATED,
        warnings=("Mind this.",),
        link=LinkSnapshot("1", "NEW-1", PERSON, payload_hash(PERSON)),
        changed=("Email", "LastName"),
    )


def test_d7_what_could_not_be_made_is_left_out_and_named() -> None:
    hall, ada, old = Reference("location", "hall"), Reference("speaker", "a"), Reference("speaker", "old")
    asp = RememberedAsp()
    writer = make_writer(asp, expected={hall: "Hall", ada: "Ada"})

    written = writer.write(intend(values={"Title": "One", "Speakers": (ada, old), "Location": hall}), {})

    assert asp.calls == [("create_session", SEMINAR, {"Title": "One"}, True)]
    assert written.warnings == (
        "Synced without Ada, who could not be synced.",
        "Location was left as it is in ASP: the location “Hall” could not be made.",
    )


def test_e11_a_session_that_arrived_though_its_answer_was_lost_is_taken_and_put_right() -> None:
    asp = RememberedAsp(create_session=[NoAnswer("lost", arrived=True)])
    there = AspRecord("ASP-9", {"Title": "One", "Subtitle": "Old"}, "")

    written = make_writer(asp, shown=Shown(**{"1": there})).write(
        intend(values={"Title": "One", "Subtitle": "New"}), {}
    )

    assert asp.calls[1:] == [("update_session", SEMINAR, "ASP-9", {"Subtitle": "New"}, None)]
    assert (written.outcome, written.changed) == (Outcome.CREATED, ("Title", "Subtitle"))
    assert link_of(written).asp_uuid == "ASP-9"
    assert link_of(written).pushed == {"Title": "One", "Subtitle": "New"}


def test_e11_who_arrived_and_cannot_be_put_right_fails() -> None:
    lost, gone = NoAnswer("lost", arrived=True), NotThere("gone")
    asp = RememberedAsp(create_speaker=[lost], update_speaker=[gone])
    shown = Shown(**{"ada@example.org": AspRecord("ASP-9", {"Email": "ada@example.org"}, "")})

    written = make_writer(asp, shown=shown).write(intend("speaker", values=PERSON), {})

    assert (written.outcome, written.reason, written.changed) == (Outcome.FAILED, DELETED_ADVICE, ())


# What is linked


def test_an_update_sends_what_changed_alone_and_keeps_the_rest() -> None:
    asp = RememberedAsp()
    link = make_link("1", pushed={"Title": "One", "Description": "Same"}, unpublished=True, hidden=True)

    written = make_writer(asp).write(
        intend(values={"Title": "Two", "Description": "Same"}, link=link, warnings=("Mind this.",)), {}
    )

    assert asp.calls == [("update_session", SEMINAR, "ASP-1", {"Title": "Two"}, None)]
    now = {"Title": "Two", "Description": "Same"}
    assert written == Written(
        "session",
        "1",
        "Name of 1",
        Outcome.UPDATED,
        warnings=("Mind this.",),
        link=LinkSnapshot("1", "ASP-1", now, payload_hash(now), unpublished=True, hidden=True),
        changed=("Title",),
    )


def test_where_nothing_differs_nothing_is_sent() -> None:
    asp, link = RememberedAsp(), make_link("1", pushed=PERSON)

    written = make_writer(asp).write(intend("speaker", values=PERSON, link=link), {})

    assert (asp.calls, written.outcome, written.changed) == ([], Outcome.UNCHANGED, ())
    assert link_of(written) == LinkSnapshot("1", "ASP-1", PERSON, payload_hash(PERSON))


@pytest.mark.parametrize("kind", ["session", "speaker"])
def test_d9_what_comes_back_is_shown_again_though_nothing_else_differs(kind: str) -> None:
    asp = RememberedAsp()
    link = make_link("1", pushed=PERSON, unpublished=True, hidden=True)

    written = make_writer(asp).write(intend(kind, values=PERSON, link=link, publish=True), {})

    where = ("update_session", SEMINAR) if kind == "session" else ("update_speaker",)
    assert asp.calls == [(*where, "ASP-1", {}, True)]
    assert written.outcome is Outcome.UPDATED
    assert (link_of(written).unpublished, link_of(written).hidden) == (False, False)


@pytest.mark.parametrize("kind", ["session", "speaker"])
def test_d9_what_is_no_longer_accepted_is_taken_off_the_website_and_nothing_else(kind: str) -> None:
    asp, link = RememberedAsp(), make_link("1", pushed={"Title": "One"}, pushed_hash="#")
    leaving = intend(kind, values={"Title": "Two"}, link=link, publish=False, reason="Not accepted.")

    written = make_writer(asp).write(leaving, {})

    where = ("update_session", SEMINAR) if kind == "session" else ("update_speaker",)
    assert asp.calls == [(*where, "ASP-1", {}, False)]
    after = LinkSnapshot("1", "ASP-1", {"Title": "One"}, "#", unpublished=True)
    assert written == Written(kind, "1", "Name of 1", Outcome.UPDATED, "Not accepted.", link=after)


@pytest.mark.parametrize("kind", ["session", "speaker"])
def test_d9_what_was_removed_there_by_hand_needs_no_taking_off(kind: str) -> None:
    asp = RememberedAsp(update_session=[GONE], update_speaker=[GONE])

    written = make_writer(asp).write(intend(kind, link=make_link("1"), publish=False), {})

    assert (written.outcome, written.reason) == (Outcome.SKIPPED, f"No longer accepted. {DELETED}")
    assert (link_of(written).unpublished, link_of(written).gone) == (True, True)
    assert (("seminar", SEMINAR) in asp.calls) is (kind == "session")


def test_e10_a_seminar_that_is_gone_is_no_deleted_session() -> None:
    for intended in (
        intend(link=make_link("1"), publish=False),
        intend(link=make_link("1"), values={"Title": "Two"}),
    ):
        with pytest.raises(SeminarGone):
            make_writer(RememberedAsp(update_session=[GONE], seminar=[GONE])).write(intended, {})


def test_what_has_no_record_cannot_be_taken_off() -> None:
    with pytest.raises(ValueError, match=r"^only a linked record can be unpublished$"):
        make_writer(RememberedAsp())._unpublish(intend(publish=False, action=Action.UPDATE))


def test_d11_of_a_record_that_was_found_what_is_alike_counts_as_pushed() -> None:
    asp = RememberedAsp()
    link = make_link("1", pushed={"Title": "One", "Description": "Theirs"}, adopted=True)

    written = make_writer(asp).write(
        intend(values={"Title": "Two", "Description": "Theirs", "Level": ""}, link=link), {}
    )

    assert asp.calls == [("update_session", SEMINAR, "ASP-1", {"Title": "Two"}, None)]
    assert link_of(written).pushed == {"Title": "Two", "Description": "Theirs"}
    assert link_of(written).adopted is False


def test_d13_nothing_of_whom_the_record_was_stays_under_the_new_name() -> None:
    asp = RememberedAsp()
    link = make_link("other", pushed={"LastName": "Lovelace", "Twitter": "theirs"}, of_another=True)
    own = make_link("1", "ASP-2")

    written = make_writer(asp).write(intend("speaker", values=PERSON, link=link, handed_on=own), {})

    assert asp.calls == [("update_speaker", "ASP-1", PERSON, None)]
    assert link_of(written) == LinkSnapshot("1", "ASP-1", PERSON, payload_hash(PERSON))
    assert (written.former_key, written.handed_on) == ("other", own)


def test_d13_who_keeps_their_own_record_hands_nothing_on() -> None:
    link = make_link("1", pushed={})

    written = make_writer(RememberedAsp()).write(
        intend("speaker", values=PERSON, link=link, handed_on=make_link("1", "ASP-2")), {}
    )

    assert (written.former_key, written.handed_on) == (None, None)


# What was deleted there


@pytest.mark.parametrize("kind", ["session", "speaker"])
def test_e13_what_was_deleted_there_is_remembered_so(kind: str) -> None:
    asp = RememberedAsp(update_session=[GONE], update_speaker=[GONE])
    link = make_link("other", pushed={"Title": "One"}, adopted=True, of_another=True)

    written = make_writer(asp).write(intend(kind, values={"Title": "Two"}, link=link), {})

    assert (written.outcome, written.reason) == (Outcome.FAILED, DELETED_ADVICE)
    assert link_of(written) == make_link("1", pushed={"Title": "Two"}, gone=True)
    assert (("seminar", SEMINAR) in asp.calls) is (kind == "session")


@pytest.mark.parametrize("publish", [None, False], ids=["changed", "unpublished"])
@pytest.mark.parametrize("recreate_deleted", [False, True])
@pytest.mark.parametrize("kind", ["session", "speaker"])
def test_e13_what_asp_did_not_find_and_has_all_the_same_is_not_taken_for_deleted(
    kind: str, recreate_deleted: bool, publish: bool | None
) -> None:
    asp = RememberedAsp(update_session=[GONE], update_speaker=[GONE])
    asp.people = asp.sessions = {"ASP-1": {}}
    link = make_link("1", "ASP-1", pushed={"Title": "One"})

    written = make_writer(asp, recreate_deleted=recreate_deleted).write(
        intend(kind, values={"Title": "Two"}, link=link, publish=publish), {}
    )

    assert (written.outcome, written.reason, written.link) == (Outcome.FAILED, SHOWN_ALL_THE_SAME, None)
    assert [name for name, *_ in asp.calls] == [f"update_{kind}", kind]


def test_e13_what_was_deleted_there_is_made_again_where_that_is_allowed() -> None:
    asp, shown = RememberedAsp(update_session=[GONE]), Shown()
    link = make_link("1", pushed={"Title": "One"}, refused={"Link": {"value": "x", "message": "no"}})

    written = make_writer(asp, shown=shown, recreate_deleted=True).write(
        intend(values={"Title": "Two", "Room": "1"}, link=link), {}
    )

    assert asp.calls[-1] == ("create_session", SEMINAR, {"Title": "Two", "Room": "1"}, True)
    assert shown.looked == [("1", 0.0)]  # somebody may have made it again by hand
    assert (written.outcome, written.warnings) == (Outcome.CREATED, (f"{DELETED} It was recreated.",))
    assert link_of(written).refused == {}


# What ASP has already


def taken(asp: RememberedAsp, **owners: tuple[str, str]) -> Written:
    return make_writer(asp, owners={name.replace("_", "-"): owner for name, owner in owners.items()}).write(
        intend("speaker", values=PERSON), {}
    )


def test_d14_who_is_there_already_and_nobodys_is_taken_and_put_right() -> None:
    asp = RememberedAsp(create_speaker=[Duplicate("ASP-9")])
    asp.people["ASP-9"] = {"Email": "Ada@Example.org", "LastName": "Byron", "isActive": False}

    written = taken(asp)

    assert asp.calls[1:] == [
        ("speaker", "ASP-9"),
        ("update_speaker", "ASP-9", {"Email": "ada@example.org", "LastName": "Lovelace"}, None),
    ]
    assert written.outcome is Outcome.UPDATED
    assert (link_of(written).asp_uuid, link_of(written).key, link_of(written).hidden) == ("ASP-9", "1", True)


def test_d14_who_is_there_already_and_is_linked_to_them_is_taken() -> None:
    asp = RememberedAsp(create_speaker=[Duplicate("ASP-9")])
    asp.people["ASP-9"] = dict(PERSON)

    written = taken(asp, ASP_9=("1", "Ada"))

    assert (written.outcome, link_of(written).asp_uuid) == (Outcome.UNCHANGED, "ASP-9")


def test_d14_an_address_that_is_anothers_fails_and_names_them() -> None:
    asp = RememberedAsp(create_speaker=[Duplicate("ASP-9")])

    written = taken(asp, ASP_9=("2", "Charles"))

    reason = TAKEN.format(", the record of Charles")
    assert written == Written("speaker", "1", "Name of 1", Outcome.FAILED, reason)


@pytest.mark.parametrize("uuid", [None, "ASP-9"])
def test_d14_a_record_that_asp_does_not_name_or_that_has_another_address_is_left_alone(
    uuid: str | None,
) -> None:
    asp = RememberedAsp(create_speaker=[Duplicate(uuid)])
    asp.people["ASP-9"] = {"Email": "another@example.org"}

    written = taken(asp)

    assert (written.outcome, written.reason) == (Outcome.FAILED, TAKEN.format(""))
    assert [name for name, *_ in asp.calls if name.startswith("update")] == []


@pytest.mark.parametrize(("uuid", "which"), [("ASP-9", "ASP-9"), (None, "it does not say which")])
def test_d14_a_session_that_asp_has_already_fails(uuid: str | None, which: str) -> None:
    written = make_writer(RememberedAsp(create_session=[Duplicate(uuid)])).write(intend(), {})

    reason = f"ASP has such a session already ({which}) and refused a second one."
    assert (written.outcome, written.reason) == (Outcome.FAILED, reason)


@pytest.mark.parametrize(("uuid", "whose"), [("ASP-9", ", the record of Charles"), ("?", ""), (None, "")])
def test_d14_an_address_that_another_has_is_not_written(uuid: str | None, whose: str) -> None:
    asp = RememberedAsp(update_speaker=[Duplicate(uuid)])
    writer = make_writer(asp, owners={"ASP-9": ("2", "Charles")})

    written = writer.write(intend("speaker", values=PERSON, link=make_link("1"), warnings=("Mind.",)), {})

    assert written == Written("speaker", "1", "Name of 1", Outcome.FAILED, TAKEN.format(whose), ("Mind.",))


# What ASP refuses


def refusal(**problems: str) -> RecordRefused:
    return RecordRefused("refused", problems)


def test_d16_a_refused_field_is_left_out_and_remembered() -> None:
    asp = RememberedAsp(update_session=[refusal(Link="no URL")])
    link = make_link("1", pushed={"Title": "One"}, refused={"Old": {"value": "x", "message": "no"}})

    written = make_writer(asp).write(intend(values={"Title": "Two", "Link": "x", "Old": "x"}, link=link), {})

    assert [values for _, _, _, values, _ in asp.calls] == [{"Title": "Two", "Link": "x"}, {"Title": "Two"}]
    assert written.changed == ("Title",)
    assert written.warnings == ("ASP refused Link: no URL. The rest was sent. Correct it, then sync again.",)
    assert link_of(written).refused == {
        "Old": {"value": "x", "message": "no"},
        "Link": {"value": "x", "message": "no URL"},
    }
    assert link.refused == {"Old": {"value": "x", "message": "no"}}


def test_d16_what_is_refused_whole_has_changed_nothing() -> None:
    asp = RememberedAsp(update_session=[refusal(Link="no URL")])

    written = make_writer(asp).write(intend(values={"Link": "x"}, link=make_link("1")), {})

    assert (len(asp.calls), written.outcome, written.changed) == (1, Outcome.UNCHANGED, ())
    assert written.warnings == ("ASP refused Link: no URL. Correct it, then sync again.",)


def test_d16_what_is_shown_again_is_sent_though_all_else_is_refused() -> None:
    asp = RememberedAsp(update_session=[refusal(Link="no URL")])
    link = make_link("1", unpublished=True)

    written = make_writer(asp).write(intend(values={"Link": "x"}, link=link, publish=True), {})

    assert asp.calls[-1] == ("update_session", SEMINAR, "ASP-1", {}, True)
    assert written.outcome is Outcome.UPDATED


def test_d16_fields_that_are_named_one_by_one_are_left_out_one_by_one() -> None:
    asp = RememberedAsp(create_speaker=[refusal(Website="no URL"), refusal(Headshot="too large")])
    values = {**PERSON, "Website": "x", "Headshot": "y"}

    written = make_writer(asp).write(intend("speaker", values=values), {})

    assert [set(values) - set(PERSON) for _, _, values in asp.calls] == [
        {"Website", "Headshot"},
        {"Headshot"},
        set(),
    ]
    assert len(written.warnings) == 2
    assert link_of(written).pushed == PERSON


@pytest.mark.parametrize(
    ("kind", "slug"),
    [
        *(("speaker", slug) for slug in ("FirstName", "LastName", "Email")),
        *(
            ("session", slug)
            for slug in ("Title", "StartTime", "EndTime", "ClientSessionId", "sessionboard_id")
        ),
        ("session", "not sent"),
    ],
)
def test_d16_what_a_record_cannot_be_without_is_not_left_out(kind: str, slug: str) -> None:
    asp = RememberedAsp(create_session=[refusal(**{slug: "no"})], create_speaker=[refusal(**{slug: "no"})])
    values = {"Link": "x"} if slug == "not sent" else {slug: "x", "Link": "x"}

    with pytest.raises(RecordRefused):
        make_writer(asp).write(intend(kind, values=values), {})

    assert len(asp.calls) == 1


def test_e13_people_whose_records_were_deleted_are_taken_off_the_session_and_named() -> None:
    asp = RememberedAsp(create_session=[refusal(Speakers="unknown")])
    asp.people["ASP-1"] = {}
    people = {"ASP-1": "Ada", "ASP-2": "Charles", "ASP-3": "Grace"}
    speakers = tuple(Reference("speaker", each) for each in "abcd")
    known = {each: f"ASP-{number}" for number, each in enumerate(speakers, start=1)}

    written = make_writer(asp, people=people).write(
        intend(values={"Title": "One", "Speakers": speakers}), known
    )

    assert asp.calls[-1][2] == {"Title": "One", "Speakers": ["ASP-1", "ASP-4"]}
    assert (written.outcome, written.gone) == (Outcome.CREATED, ("ASP-2", "ASP-3"))
    assert written.warnings == (
        "Synced without Charles, whose record was deleted in ASP by hand.",
        "Synced without Grace, whose record was deleted in ASP by hand.",
    )


def test_e13_of_two_lists_of_people_who_is_gone_is_named_once() -> None:
    asp = RememberedAsp(create_session=[refusal(Speakers="unknown", chairperson="unknown")])
    ada = Reference("speaker", "a")
    values: dict[str, Any] = {"Title": "One", "Speakers": (ada,), "chairperson": (ada,)}

    written = make_writer(asp, people={"ASP-1": "Ada"}).write(intend(values=values), {ada: "ASP-1"})

    assert asp.calls[-1][2] == {"Title": "One", "Speakers": [], "chairperson": []}
    assert (written.gone, len(written.warnings)) == (("ASP-1",), 1)


def test_d16_a_list_of_people_who_are_all_there_is_left_out_like_any_other_field() -> None:
    asp = RememberedAsp(create_session=[refusal(Speakers="too many")])
    asp.people["ASP-1"] = {}
    ada = Reference("speaker", "a")

    written = make_writer(asp, people={"ASP-1": "Ada"}).write(
        intend(values={"Title": "One", "Speakers": (ada,)}), {ada: "ASP-1"}
    )

    assert (asp.calls[-1][2], written.gone) == ({"Title": "One"}, ())
    assert link_of(written).refused == {"Speakers": {"value": ["ASP-1"], "message": "too many"}}


# Streams and locations


@pytest.mark.parametrize("kind", ["stream", "location"])
def test_a_new_choice_is_made_in_the_seminar(kind: str) -> None:
    asp = RememberedAsp()
    choice = IntendedChoice(kind, "hall", "Hall", Action.CREATE, {"Name": "Hall"})

    assert make_writer(asp).write_choice(choice) == "NEW-1"
    assert asp.calls == [(f"create_{kind}", SEMINAR, {"Name": "Hall"})]


def test_a_changed_stream_is_written_to_its_record() -> None:
    asp = RememberedAsp()
    choice = IntendedChoice("stream", "web", "Web", Action.UPDATE, {"Colour": "#112233"}, uuid="ASP-5")

    assert make_writer(asp).write_choice(choice) == "ASP-5"
    assert asp.calls == [("update_stream", SEMINAR, "ASP-5", {"Colour": "#112233"})]


@pytest.mark.parametrize("kind", ["stream", "location"])
def test_e11_a_choice_that_arrived_is_found_by_its_key(kind: str) -> None:
    asp = RememberedAsp(**{f"create_{kind}": [NoAnswer("lost", arrived=True)]})
    shown = Shown(hall=AspRecord("ASP-6", {}, ""))

    found = make_writer(asp, shown=shown).write_choice(
        IntendedChoice(kind, "hall", "Hall", Action.CREATE, {"Name": "Hall"})
    )

    assert (found, shown.looked) == ("ASP-6", [("hall", 0.0)])


def test_e10_a_seminar_that_is_there_says_nothing_and_other_errors_are_told_as_they_are() -> None:
    writer: Writer = make_writer(RememberedAsp(seminar=[None, GONE, AspError("busy")]))

    writer.check_seminar()
    with pytest.raises(SeminarGone):
        writer.check_seminar()
    with pytest.raises(AspError, match=r"^busy$"):
        writer.check_seminar()


def test_what_has_a_record_is_never_made_twice() -> None:
    asp = RememberedAsp()
    intended: Intended = intend(values={"Title": "One"}, link=make_link("1"), action=Action.CREATE)

    make_writer(asp).write(intended, {})

    assert [name for name, *_ in asp.calls] == ["update_session"]
