"""The people and the content of a session, in its form (H3)."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from form_samples import EITHER, address, fields_of, last_history, opened, save, stored
from sqlalchemy import func, select
from view_samples import HTMX, contact_id, log_in, make_event, make_user, session_id

from portal.forms.sessions.parts import press_in_rows
from portal.models import Contact, ContentFile, Participant, Session, db


@pytest.fixture
def event(app: Flask, admin: FlaskClient) -> int:
    return make_event(app)


def people_on(app: Flask, event: int, number: int = 0) -> list[tuple[str, str, str]]:
    with app.app_context():
        rows = db.session.execute(
            select(Contact.email, Participant.role, Participant.status)
            .join(Participant, Participant.contact_id == Contact.id)
            .join(Session, Session.id == Participant.session_id)
            .where(Session.event_id == event, Session.source_id == session_id(number))
            .order_by(Participant.position)
        )
        return [tuple(row) for row in rows]


def press(
    client: FlaskClient, event: int, fields: dict[str, Any], action: str, headers=None
) -> dict[str, Any]:
    """What stands in the form after a button that stores nothing."""
    answer = save(client, event, fields | {"action": action}, headers=headers)
    assert answer.status_code == 200
    return fields_of(answer.text)


@pytest.mark.parametrize("number", ["0", "3", "-1", "one", "", "9" * 5_000])
def test_a_button_of_no_row_is_none(number: str) -> None:
    assert press_in_rows(f"person-up-{number}", [["first"], ["second"]], "person") is None


class TestPeople:
    """The people on a session: added, ordered, given a role and an acceptance, taken away."""

    @EITHER
    def test_somebody_is_found_and_added(self, app: Flask, admin: FlaskClient, event: int, headers) -> None:
        fields = opened(admin, event)
        found = save(admin, event, fields | {"person_search": "lást1", "action": "find"}, headers=headers)
        live = admin.get(f"{address(event, 'people')}?person_search=person2-1@", headers=HTMX)

        fields = press(admin, event, fields, f"person-add-{contact_id(2, 1)}", headers)
        save(admin, event, fields | {"role": ["speaker", "speaker", "moderator"]})

        assert found.text.count("person-add-") == 3 and "person0-1@example.org" in found.text
        assert live.text.count("person-add-") == 1 and "<html" not in live.text
        assert people_on(app, event)[2:] == [("person2-1@example.org", "moderator", "accepted")]
        assert "People now" in last_history(app).text

    def test_nothing_is_stored_before_it_is_saved(self, app: Flask, admin: FlaskClient, event: int) -> None:
        before = people_on(app, event)

        press(admin, event, opened(admin, event), f"person-add-{contact_id(2, 1)}")

        assert people_on(app, event) == before

    def test_the_order_is_changed_by_buttons(self, app: Flask, admin: FlaskClient, event: int) -> None:
        moved = save(admin, event, opened(admin, event) | {"action": "person-down-1"})
        save(admin, event, fields_of(moved.text))

        assert [email for email, _, _ in people_on(app, event)] == [
            "person0-1@example.org",
            "person0-0@example.org",
        ]
        assert re.search(r'id="person-up-2"[^>]* data-focus', moved.text)

    def test_somebody_is_declined_and_another_taken_off(
        self, app: Flask, admin: FlaskClient, event: int
    ) -> None:
        fields = press(admin, event, opened(admin, event), "person-remove-2")
        save(admin, event, fields | {"acceptance": "declined"})

        assert people_on(app, event) == [("person0-0@example.org", "speaker", "declined")]
        with app.app_context():
            assert db.session.scalar(select(func.count()).select_from(Contact)) == 6  # nobody is lost

    def test_a_new_person_is_made_with_the_session(self, app: Flask, admin: FlaskClient, event: int) -> None:
        names = {"new_first_name": "Zoë", "new_last_name": "“Q”", "new_email": "zoe@example.org"}
        fields = press(admin, event, opened(admin, event) | names, "new-person")

        save(admin, event, fields)

        assert people_on(app, event)[-1] == ("zoe@example.org", "speaker", "accepted")
        with app.app_context():
            person = db.session.scalars(select(Contact).where(Contact.email == "zoe@example.org")).one()
            assert (person.first_name, person.last_name) == ("Zoë", "“Q”")

    def test_g3_a_new_person_with_a_bad_address_is_refused_and_kept(
        self, app: Flask, admin: FlaskClient, event: int
    ) -> None:
        names = {"new_first_name": "Zoë", "new_last_name": "Q", "new_email": "zoe@"}
        fields = press(admin, event, opened(admin, event) | names, "new-person")

        answer = save(admin, event, fields)

        assert answer.status_code == 422 and "Zoë Q cannot be added. E-mail is no address" in answer.text
        assert fields_of(answer.text)["person"] == fields["person"]
        assert len(people_on(app, event)) == 2

    def test_a_role_that_is_none_and_somebody_of_another_event_are_refused(
        self, app: Flask, admin: FlaskClient, event: int
    ) -> None:
        other = make_event(app, name="Other", sessions=9)
        fields = opened(admin, event)

        bad_role = save(admin, event, fields | {"role": ["king", "speaker"]})
        stranger = save(admin, event, fields | {"person": [contact_id(0), contact_id(8)]})

        assert bad_role.status_code == stranger.status_code == 422
        assert "Choose a role" in bad_role.text
        assert "no longer among the people of this event" in stranger.text
        assert len(people_on(app, event)) == 2 and other != event

    def test_h3_the_file_s_people_are_kept_beside_those_of_the_hand(
        self, app: Flask, admin: FlaskClient, event: int
    ) -> None:
        save(admin, event, press(admin, event, opened(admin, event), "person-remove-1"))

        edited = stored(app, event).edited
        assert [status for _, _, status in edited["participants"]] == ["accepted", "accepted"]

    def test_the_question_about_two_values_outlives_a_button(
        self, app: Flask, admin: FlaskClient, event: int
    ) -> None:
        make_user(app, "anna@example.org", "One")
        mine = opened(admin, event)
        anna = log_in(app, "anna@example.org")
        save(anna, event, opened(anna, event) | {"title": "Anna’s"})
        asked = fields_of(save(admin, event, mine | {"title": "Mine"}).text)

        fields = press(admin, event, asked, "person-remove-1")
        again = save(admin, event, fields)

        assert again.status_code == 422 and "saved this while you were editing it" in again.text
        assert stored(app, event).title == "Anna’s"


def files_of(app: Flask, event: int) -> list[tuple[str | None, str]]:
    with app.app_context():
        rows = db.session.execute(
            select(ContentFile.name, ContentFile.url)
            .join(Session, Session.id == ContentFile.session_id)
            .where(Session.event_id == event)
            .order_by(ContentFile.position)
        )
        return [tuple(row) for row in rows]


def test_content_is_added_and_taken_away(app: Flask, admin: FlaskClient, event: int) -> None:
    fields = press(admin, event, press(admin, event, opened(admin, event), "file-add"), "file-add")
    sent = {"file_name": ["Slides", ""], "file_url": ["example.org/a.pdf", "https://example.org/b"]}
    refused = save(admin, event, fields | sent | {"file_url": ["javascript:alert(1)", ""]})
    save(admin, event, fields | sent)
    first = files_of(app, event)
    save(admin, event, press(admin, event, opened(admin, event), "file-remove-1"))

    assert refused.status_code == 422 and "“javascript:alert(1)” is no web address" in refused.text
    assert first == [("Slides", "https://example.org/a.pdf"), (None, "https://example.org/b")]
    assert files_of(app, event) == [(None, "https://example.org/b")]
