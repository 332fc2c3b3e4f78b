"""What becomes of every field: D1, D2, D4, D8, D16, C5, C8."""

from dataclasses import fields, replace
from datetime import date

import pytest
from plan_samples import (
    CONTRACT,
    CUSTOM_FIELDS,
    contact_snapshot,
    linked_as,
    make_link,
    make_links,
    make_offer,
    make_rules,
    on_stage,
    participant_snapshot,
    person_id,
    plan_of,
    programme_snapshot,
    sent,
    session_id,
    session_in,
    session_snapshot,
    speaker_in,
    without_row,
)

from portal.errors import PortalError
from portal.sync.planning.fields import SESSION_FIELDS, SPEAKER_FIELDS, default_rows, find_field
from portal.sync.planning.intent import Action
from portal.sync.planning.payload import Reference
from portal.sync.planning.snapshot import ContactSnapshot, FieldRow

FULL = session_snapshot(
    title=" Opening ",
    description="<p>Hello</p>\n",
    format="keynote",
    room=" Main Hall ",
    level="Advanced",
    tags=("Python", "Web"),
    content_url="https://example.org/slides.pdf",
    participants=(
        participant_snapshot(3),
        participant_snapshot(1),
        participant_snapshot(2, "moderator"),
        participant_snapshot(3, "chairperson"),
    ),
)
PEOPLE = [contact_snapshot(number) for number in (1, 2, 3)]
CONTACT_TEXTS = [
    each.name for each in fields(ContactSnapshot) if each.name not in ("id", "custom_fields", "updated_at")
]
LINKED_PEOPLE = make_links(speakers=[make_link(person_id(number), f"ASP-P{number}") for number in (1, 2, 3)])


# D1, D2: slugs and values


def test_d1_default_rows_and_required_fields_are_those_of_the_rule():
    rows = [(row.field, row.slug) for row in default_rows(CONTRACT, "session")]

    assert rows == [
        ("title", "Title"),
        ("starts_at", "StartTime"),
        ("ends_at", "EndTime"),
        ("client_session_id", "ClientSessionId"),
        ("sessionboard_id", "sessionboard_id"),
        ("description", "Description"),
        ("format", "SessionType"),
        ("speakers", "Speakers"),
        ("room", "Location"),
        ("tags", "Streams"),
        ("content", "sessionboard-content"),
        ("level", "levels-checkbox"),
        ("moderators", "panel-moderator"),
        ("chairpersons", "chairperson"),
    ]
    assert [field.label for field in SESSION_FIELDS if field.required] == [
        "Title",
        "Starts At",
        "Ends At",
        "Client Session ID",
        "Sessionboard ID",
    ]


def test_d2_default_rows_and_required_fields_are_those_of_the_rule():
    rows = [(row.field, row.slug) for row in default_rows(CONTRACT, "speaker")]

    assert rows == [
        ("first_name", "FirstName"),
        ("last_name", "LastName"),
        ("email", "Email"),
        ("job_title", "JobTitle"),
        ("honorific", "Honorific"),
        ("company_name", "Company"),
        ("website", "Website"),
        ("mobile_phone", "MobilePhone"),
        ("biography", "Biography"),
        ("headshot", "Headshot"),
        ("facebook_url", "FacebookUrl"),
        ("linkedin_url", "LinkedInUrl"),
        ("twitter_url", "TwitterUrl"),
    ]
    assert [field.label for field in SPEAKER_FIELDS if field.required] == ["First Name", "Last Name", "Email"]


def test_d1_every_field_of_a_session_is_sent_under_its_slug():
    plan = plan_of(programme_snapshot(FULL, contacts=PEOPLE), links=LINKED_PEOPLE)
    intended = session_in(plan)

    assert intended.warnings == ()
    assert intended.values == {
        "Title": "Opening",
        "StartTime": "2027-01-30T09:30:00",
        "EndTime": "2027-01-30T10:00:00",
        "ClientSessionId": "C1",
        "sessionboard_id": session_id(1),
        "Description": "<p>Hello</p>",
        "SessionType": "Keynote",
        "Speakers": (Reference("speaker", person_id(3)), Reference("speaker", person_id(1))),
        "Location": Reference("location", "main hall"),
        "Streams": (Reference("stream", "python"), Reference("stream", "web")),
        "sessionboard-content": "https://example.org/slides.pdf",
        "levels-checkbox": ["Advanced"],
        "panel-moderator": (Reference("speaker", person_id(2)),),
        "chairperson": (Reference("speaker", person_id(3)),),
    }
    payload = sent(plan, intended)
    assert payload["Speakers"] == ["ASP-P3", "ASP-P1"]
    assert payload["panel-moderator"] == ["ASP-P2"]
    assert payload["chairperson"] == ["ASP-P3"]


def test_d2_every_field_of_a_person_is_sent_under_its_slug():
    addresses = {"website", "headshot", "facebook_url", "linkedin_url", "twitter_url"}
    values = {name: f" {name} " for name in CONTACT_TEXTS}
    values |= {name: f" https://{name}.example " for name in addresses}
    programme = programme_snapshot(
        session_snapshot(participants=on_stage(1)), contacts=[contact_snapshot(1, **values)]
    )

    assert speaker_in(plan_of(programme)).values == {
        "FirstName": "first_name",
        "LastName": "last_name",
        "Email": "email",
        "JobTitle": "job_title",
        "Honorific": "honorific",
        "Company": "company_name",
        "Website": "https://website.example",
        "MobilePhone": "mobile_phone",
        "Biography": "biography",
        "Headshot": "https://headshot.example",
        "FacebookUrl": "https://facebook_url.example",
        "LinkedInUrl": "https://linkedin_url.example",
        "TwitterUrl": "https://twitter_url.example",
    }


def test_d2b_address_that_is_none_is_left_out_with_a_warning():
    contact = contact_snapshot(1, website="javascript:alert(1)", linkedin_url="example.org/in/x")
    programme = programme_snapshot(session_snapshot(participants=on_stage(1)), contacts=[contact])

    intended = speaker_in(plan_of(programme))

    assert "Website" not in intended.values
    assert intended.values["LinkedInUrl"] == "https://example.org/in/x"
    assert intended.warnings == (
        "Website is left out: “javascript:alert(1)” is no web address. It must begin with https:// or http://.",
    )


def test_d2b_content_of_a_session_that_is_no_address_is_left_out():
    intended = session_in(plan_of(programme_snapshot(session_snapshot(content_url="data:text/html,x"))))

    assert "sessionboard-content" not in intended.values


def test_d2b_whatever_fills_a_field_that_holds_an_address_is_one():
    own = {"Home": "javascript:alert(1)", "Site": "example.org"}
    rules = make_rules(
        FieldRow("custom:Home", "extra-url"),
        FieldRow("custom:Site", "sessionboard-content"),
        speaker_fields=(FieldRow("custom:Home", "Headshot"), FieldRow("custom:Site", "Website")),
    )
    plan = plan_of(
        programme_snapshot(
            session_snapshot(custom_fields=own, participants=on_stage(1)),
            contacts=[contact_snapshot(1, custom_fields=own)],
        ),
        rules=without_row(rules, "content"),
        offer=make_offer(custom_fields={**CUSTOM_FIELDS, "extra-url": "url"}),
    )
    session, speaker = session_in(plan), speaker_in(plan)

    assert session.values["sessionboard-content"] == speaker.values["Website"] == "https://example.org"
    assert "extra-url" not in session.values and "Headshot" not in speaker.values
    assert "Home is left out: “javascript:alert(1)” is no web address." in session.warnings[0]


def test_d1_whatever_fills_description_or_biography_has_nothing_active():
    own = {"Abstract": "a<script>x</script><p>b</p>"}
    plan = plan_of(
        programme_snapshot(
            session_snapshot(custom_fields=own, participants=on_stage(1)),
            contacts=[contact_snapshot(1, custom_fields=own)],
        ),
        rules=without_row(
            make_rules(
                FieldRow("custom:Abstract", "Description"),
                speaker_fields=(FieldRow("custom:Abstract", "Biography"),),
            ),
            "description",
        ),
    )

    assert session_in(plan).values["Description"] == speaker_in(plan).values["Biography"] == "a<p>b</p>"


def test_d1_active_content_is_removed_from_description_and_biography_alone():
    script = "a<script>x</script> &amp; b"
    programme = programme_snapshot(
        session_snapshot(title=script, description=script, participants=on_stage(1)),
        contacts=[contact_snapshot(1, biography=script, job_title=script)],
    )
    plan = plan_of(programme)

    assert session_in(plan).values["Description"] == "a &amp; b"
    assert session_in(plan).values["Title"] == script
    assert speaker_in(plan).values["Biography"] == "a &amp; b"
    assert speaker_in(plan).values["JobTitle"] == script


@pytest.mark.parametrize(
    "typed",
    [
        " <script>x</script> ",
        "<p></p>",
        "<p><br></p>",
        "<p>&nbsp;</p>\n<p>\u200b</p>",
        "<ul><li> </li></ul>",
        "<p><iframe src='https://example.org'></iframe></p>",
    ],
)
def test_d2c_description_in_which_nothing_is_seen_counts_as_empty(typed):
    plan = plan_of(programme_snapshot(session_snapshot(description=typed)))

    assert "Description" not in sent(plan, session_in(plan))


@pytest.mark.parametrize("typed", ["<hr>", '<p><img src="https://example.org/a.png"></p>', "<p>&lt;</p>"])
def test_d1_description_without_a_word_in_which_something_is_seen_is_sent(typed):
    plan = plan_of(programme_snapshot(session_snapshot(description=typed)))

    assert sent(plan, session_in(plan))["Description"] == typed


def test_d16_inside_of_a_text_is_never_touched_nor_shortened():
    text = "  two  spaces,\r\n\ttab, e\u0301 and é, \u200b" + "x" * 90_000 + "\n"

    intended = session_in(plan_of(programme_snapshot(session_snapshot(title=text, description=text))))

    assert intended.values["Title"] == text.strip()
    assert intended.values["Description"] == text.strip()


def test_d1_description_that_is_too_long_is_left_out_with_a_warning():
    intended = session_in(plan_of(programme_snapshot(session_snapshot(description="<p>" + "x" * 100_000))))

    assert "Description" not in intended.values
    assert intended.warnings == (
        "Description is left out: it has more than 100,000 characters. Shorten it where it is written.",
    )


def test_d1_starts_and_ends_are_wall_clock_of_the_events_timezone():
    intended = session_in(
        plan_of(
            programme_snapshot(session_snapshot(), timezone="Asia/Kolkata"),
            offer=make_offer(site_timezone="Asia/Kolkata"),
        )
    )

    assert intended.values["StartTime"] == "2027-01-30T14:00:00"


def test_d6_speakers_are_the_accepted_ones_in_order_and_once():
    session = session_snapshot(
        participants=(
            participant_snapshot(2),
            participant_snapshot(1, status="declined"),
            participant_snapshot(3),
            participant_snapshot(2),
            participant_snapshot(1, "panelist"),
        )
    )
    plan = plan_of(programme_snapshot(session, contacts=PEOPLE), links=LINKED_PEOPLE)

    assert sent(plan, session_in(plan))["Speakers"] == ["ASP-P2", "ASP-P3"]


# D4: format


@pytest.mark.parametrize(
    ("format", "types", "value", "warning"),
    [
        ("Keynote", ("Session", "Keynote"), "Keynote", None),
        (" kEYNOTE ", ("Session", "Keynote "), "Keynote ", None),
        ("ÉTUDE", ("Session", "E\u0301tude"), "E\u0301tude", None),
        ("Talk", ("Session", "Keynote"), "Session", "The format “Talk” is no session type of the seminar"),
        ("Talk", ("session",), "session", "The format “Talk” is no session type of the seminar"),
        (None, ("Session", "Keynote"), "Session", None),
        ("  ", ("Session", "Keynote"), "Session", None),
        ("session", ("Session",), "Session", None),
        ("Keynote", ("KEYNOTE", "Keynote"), "KEYNOTE", None),
        ("Talk", ("Keynote",), None, "the seminar has neither “Talk” nor “Session”"),
        (None, ("Keynote",), None, "the seminar has no “Session”"),
        ("session", (), None, "the seminar has no “Session”"),
    ],
)
def test_d4_format_is_matched_to_a_session_type(format, types, value, warning):
    offer = make_offer(session_types=types)

    intended = session_in(plan_of(programme_snapshot(session_snapshot(format=format)), offer=offer))

    assert intended.values.get("SessionType") == value
    assert len(intended.warnings) == (1 if warning else 0)
    assert warning is None or warning in intended.warnings[0]


def test_d4_each_session_without_a_matching_type_warns():
    programme = programme_snapshot(session_snapshot(1, format="Talk"), session_snapshot(2, format="Talk"))

    assert [len(each.warnings) for each in plan_of(programme).sessions] == [1, 1]


def test_d4_left_out_type_leaves_what_asp_has():
    programme = programme_snapshot(session_snapshot(format="Keynote"))
    links = linked_as(programme)

    intended = session_in(plan_of(programme, links=links, offer=make_offer(session_types=())))

    assert intended.action is Action.UNCHANGED


# D8: custom fields of the seminar


def without_custom(*slugs: str) -> dict[str, str]:
    return {slug: type for slug, type in CUSTOM_FIELDS.items() if slug not in slugs}


@pytest.mark.parametrize(
    ("slug", "label", "field_words"),
    [
        ("sessionboard-content", "Content", "Create it in ASP as a field of the seminar"),
        ("levels-checkbox", "Level", "Create it in ASP as a checkbox field of the seminar"),
        ("panel-moderator", "Moderators", "Create it in ASP as a speakerlist field of the seminar"),
        ("chairperson", "Chairpersons", "Create it in ASP as a speakerlist field of the seminar"),
    ],
)
def test_d8_missing_optional_field_is_left_out_with_one_warning_per_run(slug, label, field_words):
    programme = programme_snapshot(
        FULL, replace(FULL, id=session_id(2), client_session_id="C2"), contacts=PEOPLE
    )

    plan = plan_of(programme, offer=make_offer(custom_fields=without_custom(slug)))

    assert len(plan.warnings) == 1
    assert plan.warnings[0].startswith(f"{label} is not sent: the seminar has no custom field “{slug}”.")
    assert field_words in plan.warnings[0]
    assert all(slug not in each.values for each in plan.sessions)
    assert all(each.warnings == () for each in plan.sessions)


@pytest.mark.parametrize(
    ("slug", "type"),
    [
        ("levels-checkbox", "text"),
        ("panel-moderator", "text"),
        ("chairperson", "checkbox"),
    ],
)
def test_d8_wrong_type_counts_as_missing(slug, type):
    offer = make_offer(custom_fields=CUSTOM_FIELDS | {slug: type})

    plan = plan_of(programme_snapshot(FULL, contacts=PEOPLE), offer=offer)

    assert len(plan.warnings) == 1
    assert f"“{slug}” is of type {type}" in plan.warnings[0]
    assert slug not in session_in(plan).values


@pytest.mark.parametrize(
    ("type", "value"),
    [
        ("text", "https://example.org/slides.pdf"),
        ("url", "https://example.org/slides.pdf"),
        ("checkbox", ["https://example.org/slides.pdf"]),
    ],
)
def test_d8_content_goes_into_a_field_of_any_type(type, value):
    offer = make_offer(custom_fields=CUSTOM_FIELDS | {"sessionboard-content": type})

    plan = plan_of(programme_snapshot(FULL, contacts=PEOPLE), offer=offer)

    assert plan.warnings == ()
    assert session_in(plan).values["sessionboard-content"] == value


def test_d8_several_missing_fields_give_a_warning_each():
    offer = make_offer(custom_fields={"sessionboard_id": "text"})

    assert len(plan_of(programme_snapshot(FULL, contacts=PEOPLE), offer=offer).warnings) == 4


@pytest.mark.parametrize(
    "fields", [without_custom("sessionboard_id"), CUSTOM_FIELDS | {"sessionboard_id": "url"}]
)
def test_d8_missing_sessionboard_id_stops_before_anything_is_planned(fields):
    plan = plan_of(programme_snapshot(FULL, contacts=PEOPLE), offer=make_offer(custom_fields=fields))

    assert "“sessionboard_id”" in plan.stop
    assert "In ASP it must be a text field" in plan.stop or "Create it in ASP as a text field" in plan.stop
    assert (plan.sessions, plan.speakers, plan.choices) == ((), (), ())


@pytest.mark.parametrize(
    ("switch", "slug"),
    [
        ("send_moderators", "panel-moderator"),
        ("send_chairpersons", "chairperson"),
        ("send_content", "sessionboard-content"),
    ],
)
def test_field_that_is_switched_off_is_neither_sent_nor_missed(switch, slug):
    plan = plan_of(
        programme_snapshot(FULL, contacts=PEOPLE),
        rules=make_rules(**{switch: False}),
        offer=make_offer(custom_fields=without_custom(slug)),
    )

    assert plan.warnings == ()
    assert slug not in session_in(plan).values


# C5: custom fields of every JSON type


JSON_VALUES = [
    (None, "", []),
    ("", "", []),
    ("  text \n more ", "text \n more", ["text \n more"]),
    (True, "Yes", ["Yes"]),
    (False, "No", ["No"]),
    (0, "0", ["0"]),
    (12, "12", ["12"]),
    (1.5, "1.5", ["1.5"]),
    ([], "", []),
    (["a", " b ", "", None, "a"], "a, b, a", ["a", "b"]),
    ([1, True], "1, Yes", ["1", "Yes"]),
    ([["a", "b"], "c"], "a, b, c", ["a, b", "c"]),
    ({}, "", []),
    ({"name": "Vegan", "id": 3}, "Vegan", ["Vegan"]),
    ({"label": "Vegan", "value": "v"}, "Vegan", ["Vegan"]),
    ({"value": 0}, "0", ["0"]),
    ({"value": False}, "No", ["No"]),
    ({"name": "", "value": "v"}, "v", ["v"]),
    ({"url": "https://example.org"}, "https://example.org", ["https://example.org"]),
    ([{"name": "x"}, {"name": "y"}], "x, y", ["x", "y"]),
    ({"width": 2, "hôte": "é"}, '{"width": 2, "hôte": "é"}', ['{"width": 2, "hôte": "é"}']),
    (date(2027, 1, 30), "2027-01-30", ["2027-01-30"]),
]


@pytest.mark.parametrize(("value", "text", "checked"), JSON_VALUES)
def test_c5_custom_field_of_any_json_type_goes_into_text_and_checkbox(value, text, checked):
    rules = make_rules(FieldRow("custom:Extra", "extra-text"), FieldRow("custom:Extra2", "extra-checkbox"))
    session = session_snapshot(custom_fields={"Extra": value, "Extra2": value})

    intended = session_in(plan_of(programme_snapshot(session), rules=rules))

    assert intended.values["extra-text"] == text
    assert intended.values["extra-checkbox"] == checked


def test_c5_custom_field_that_a_session_does_not_have_is_not_sent():
    rules = make_rules(FieldRow("custom:Extra", "extra-text"))
    plan = plan_of(programme_snapshot(session_snapshot()), rules=rules)

    assert "extra-text" not in sent(plan, session_in(plan))


@pytest.mark.parametrize("named", ["Dure\u0301e", " Dur\u00e9e\u200b"])
def test_d2c_custom_field_is_found_however_its_source_encodes_the_name(named):
    rules = make_rules(FieldRow("custom:Dur\u00e9e", "extra-text"))
    session = session_snapshot(custom_fields={"Lieu": "here", named: "an hour"})

    assert session_in(plan_of(programme_snapshot(session), rules=rules)).values["extra-text"] == "an hour"


def test_c5_custom_field_of_a_person_is_sent_as_text():
    rules = make_rules(
        speaker_fields=(*default_rows(CONTRACT, "speaker"), FieldRow("custom:Pronouns", "pronouns"))
    )
    contact = contact_snapshot(1, custom_fields={"Pronouns": ["she", "her"]})
    programme = programme_snapshot(session_snapshot(participants=on_stage(1)), contacts=[contact])

    assert speaker_in(plan_of(programme, rules=rules)).values["pronouns"] == "she, her"


def test_speaker_slug_with_the_name_of_a_session_field_is_text():
    speaker_rows = (*default_rows(CONTRACT, "speaker"), FieldRow("custom:Base", "Location"))
    programme = programme_snapshot(
        session_snapshot(participants=on_stage(1)),
        contacts=[contact_snapshot(1, custom_fields={"Base": "Lyon"})],
    )
    contract = replace(CONTRACT, speaker=replace(CONTRACT.speaker, job_title="Location"))

    plan = plan_of(programme, rules=make_rules(speaker_fields=speaker_rows), contract=contract)

    assert speaker_in(plan).values["Location"] == "Lyon"


def test_c5_custom_field_in_place_of_tags_makes_streams_as_it_is_spelled():
    rules = without_row(make_rules(FieldRow("custom:Areas", "Streams")), "tags")
    session = session_snapshot(custom_fields={"Areas": ["Data Science", "DATA science", "Web"]})

    plan = plan_of(programme_snapshot(session), rules=rules)

    assert [(each.kind, each.name) for each in plan.choices] == [
        ("stream", "Data Science"),
        ("stream", "Web"),
    ]


def test_c5_custom_field_in_place_of_the_room_makes_a_location_as_it_is_spelled():
    rules = without_row(make_rules(FieldRow("custom:Place", "Location")), "room")

    plan = plan_of(programme_snapshot(session_snapshot(custom_fields={"Place": "Grande Salle"})), rules=rules)

    assert [(each.kind, each.name) for each in plan.choices] == [("location", "Grande Salle")]


@pytest.mark.parametrize(
    ("row", "value"),
    [
        (FieldRow("room", "extra-text"), "Main Hall"),
        (FieldRow("tags", "extra-text"), "Python, Web"),
        (FieldRow("tags", "extra-checkbox"), ["Python", "Web"]),
        (FieldRow("format", "extra-text"), "keynote"),
        (FieldRow("track", "extra-text"), "Backend"),
        (FieldRow("language", "extra-checkbox"), ["French"]),
        (FieldRow("description", "extra-checkbox"), ["<p>Hello</p>"]),
        (FieldRow("level", "extra-checkbox"), ["Advanced"]),
    ],
)
def test_c3_field_on_another_slug_takes_that_slugs_type(row, value):
    session = replace(FULL, track="Backend", language="French")

    plan = plan_of(programme_snapshot(session, contacts=PEOPLE), rules=make_rules(row))

    assert session_in(plan).values[row.slug] == value


@pytest.mark.parametrize(
    ("row", "label"),
    [
        (FieldRow("speakers", "extra-text"), "Speakers"),
        (FieldRow("track", "extra-people"), "Track"),
        (FieldRow("custom:Extra", "extra-people"), "Extra"),
    ],
)
def test_field_that_its_slug_cannot_hold_is_left_out_with_a_warning(row, label):
    plan = plan_of(programme_snapshot(FULL, contacts=PEOPLE), rules=make_rules(row))

    assert len(plan.warnings) == 1
    assert plan.warnings[0].startswith(f"{label} is not sent:")
    assert row.slug not in session_in(plan).values


def test_speakers_on_a_custom_speakerlist_are_people():
    plan = plan_of(
        programme_snapshot(FULL, contacts=PEOPLE),
        rules=make_rules(FieldRow("speakers", "extra-people")),
        links=LINKED_PEOPLE,
    )

    assert sent(plan, session_in(plan))["extra-people"] == ["ASP-P3", "ASP-P1"]


def test_unknown_field_of_a_row_is_named():
    with pytest.raises(PortalError, match="names “colour”, which is no session field"):
        plan_of(programme_snapshot(), rules=make_rules(FieldRow("colour", "Colour")))


def test_field_of_a_session_is_no_field_of_a_speaker():
    with pytest.raises(PortalError, match="no speaker field"):
        find_field("speaker", "title")


# C8: rows that go and slugs that change


def test_c8_row_that_was_removed_leaves_its_value_in_asp():
    programme = programme_snapshot(FULL, contacts=PEOPLE)
    links = linked_as(programme)

    plan = plan_of(programme, links=links, rules=without_row(make_rules(), "description"))

    assert "Description" not in sent(plan, session_in(plan))


def test_c8_slug_that_was_changed_is_filled_and_the_old_one_keeps_its_value():
    programme = programme_snapshot(FULL, contacts=PEOPLE)
    links = linked_as(programme)
    rules = make_rules(FieldRow("level", "extra-checkbox"))

    plan = plan_of(programme, links=links, rules=rules)

    assert sent(plan, session_in(plan)) | {"Speakers": 0, "Streams": 0, "Location": 0} == {
        "extra-checkbox": ["Advanced"],
        "Speakers": 0,
        "Streams": 0,
        "Location": 0,
    }


def test_c8_slug_that_the_seminar_does_not_have_is_like_a_missing_custom_field():
    plan = plan_of(
        programme_snapshot(FULL, contacts=PEOPLE), rules=make_rules(FieldRow("description", "abstract-text"))
    )

    assert len(plan.warnings) == 1
    assert "the seminar has no custom field “abstract-text”" in plan.warnings[0]
