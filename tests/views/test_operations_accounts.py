"""Users, organisations, passwords."""

import time
import unicodedata

import pytest
from flask import Flask
from sqlalchemy import select

from portal.errors import NotFound, Refused
from portal.models import HistoryEntry, Membership, Organisation, User, db
from portal.operations.accounts.invitations import accept_as_guest, invite
from portal.operations.accounts.passwords import fits, hash_password
from portal.operations.accounts.users import add_user, change_password, check_login, slug_of

PASSWORD = "a long password"


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("AFPy", "afpy"),
        ("  The  Content–Conference! ", "the-content-conference"),
        ("Évènements & Cie", "évènements-cie"),
        (unicodedata.normalize("NFD", "Évènements"), unicodedata.normalize("NFC", "évènements")),
        ("東京 2027", "東京-2027"),
        ("संगीत सम्मेलन", "संगीत-सम्मेलन"),
        ("مؤتمر", "مؤتمر"),
    ],
)
def test_slug_keeps_the_letters_of_any_script(name: str, slug: str) -> None:
    assert slug_of(name) == slug


def test_slug_of_nothing_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        slug_of("–!–")

    assert refusal.value.field == "organisation"


def test_user_makes_the_organisation_and_joins_another_with_the_same_password(app: Flask) -> None:
    with app.app_context():
        first = add_user("Admin@Example.org", "One", "admin", PASSWORD, "test")
        second = add_user("admin@example.org", "Two", "viewer", PASSWORD, "test")

        assert first.id == second.id
        assert [each.slug for each in db.session.scalars(select(Organisation))] == ["one", "two"]
        assert [each.role for each in db.session.scalars(select(Membership))] == ["admin", "viewer"]
        assert check_login("ADMIN@example.org ", PASSWORD) is not None
        assert [each.kind for each in db.session.scalars(select(HistoryEntry))] == ["user added"] * 2


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"email": "no address"}, "email"),
        ({"role": "owner"}, "role"),
        ({"password": "too short 1"}, "password"),
        ({"password": "aaaaaaaaaaaa"}, "password"),
        ({"password": "Password1234"}, "password"),
        ({"password": "qwertyuiop12"}, "password"),
        ({"email": "annabel.archer@example.org", "password": "annabel.archer1"}, "password"),
        ({"organisation_name": "!!!"}, "organisation"),
        ({"organisation_name": "n" * 201}, "organisation"),
        ({"organisation_name": "One\0"}, "organisation"),
        ({"organisation_name": "One\N{RIGHT-TO-LEFT OVERRIDE}"}, "organisation"),
    ],
)
def test_user_is_refused_at_the_field_and_nothing_is_stored(
    app: Flask, values: dict[str, str], field: str
) -> None:
    given = {
        "email": "a@example.org",
        "organisation_name": "One",
        "role": "admin",
        "password": PASSWORD,
    } | values
    with app.app_context():
        with pytest.raises(Refused) as refusal:
            add_user(**given, actor="test")
        db.session.rollback()

        assert refusal.value.field == field
        assert db.session.scalar(select(User)) is None
        assert db.session.scalar(select(Organisation)) is None


@pytest.mark.parametrize("organisation", ["One", "Two"])
def test_g1b_account_gets_no_right_by_a_password_that_is_not_its_own(app: Flask, organisation: str) -> None:
    with app.app_context():
        add_user("a@example.org", "One", "admin", PASSWORD, "test")

        with pytest.raises(Refused) as refusal:
            add_user("A@example.org", organisation, "admin", "the operator's own", "test")

        assert refusal.value.field == "password"
        assert "this is not its password. Nothing was changed." in str(refusal.value)
        assert [each.slug for each in db.session.scalars(select(Organisation))] == ["one"]
        assert len(db.session.scalars(select(Membership)).all()) == 1
        assert check_login("a@example.org", PASSWORD) is not None


def test_g1b_account_made_by_somebody_with_an_astray_link_gets_no_rights_elsewhere(app: Flask) -> None:
    with app.app_context():
        add_user("mallory@a.test", "Alpha", "admin", PASSWORD, "test")
        alpha = db.session.scalars(select(Organisation)).one()
        token = invite(alpha, "ceo@b.test", "viewer", "mallory@a.test")
        accept_as_guest(token, "password of mallory", "password of mallory")

        with pytest.raises(Refused) as refusal:
            add_user("ceo@b.test", "Beta", "admin", "operators-own-password", "test")

        assert "made by an invitation of Alpha" in str(refusal.value)
        ceo = db.session.scalars(select(User).where(User.email == "ceo@b.test")).one()
        assert [each.organisation.slug for each in ceo.memberships] == ["alpha"]


@pytest.mark.parametrize("name", ["A & B", "a  &  b", "a-b"])
def test_organisation_is_found_by_its_name_or_its_address(app: Flask, name: str) -> None:
    with app.app_context():
        add_user("a@example.org", "A & B", "admin", PASSWORD, "test")

        add_user("b@example.org", name, "viewer", PASSWORD, "test")

        assert [each.name for each in db.session.scalars(select(Organisation))] == ["A & B"]


def test_two_names_that_would_share_an_address_are_two_organisations(app: Flask) -> None:
    with app.app_context():
        add_user("a@example.org", "A & B", "admin", PASSWORD, "test")

        with pytest.raises(
            Refused, match="“A B” would have the address “a-b”, which is that of “A & B”"
        ) as refusal:
            add_user("b@example.org", "A B", "admin", PASSWORD, "test")

        db.session.rollback()
        assert refusal.value.field == "organisation"
        assert [each.email for each in db.session.scalars(select(User))] == ["a@example.org"]


@pytest.mark.parametrize(
    "password", ["4@8({[<369!|105$7%2" * 50, "Пять зелёных чаек", "correct horse battery"]
)
def test_password_of_any_kind_is_judged_at_once(app: Flask, password: str) -> None:
    began = time.thread_time()

    assert fits(hash_password(password, "a@example.org"), password)
    assert time.thread_time() - began < 2


def test_user_is_no_member_twice(app: Flask) -> None:
    with app.app_context():
        add_user("a@example.org", "One", "admin", PASSWORD, "test")

        with pytest.raises(Refused) as refusal:
            add_user("a@example.org", "one", "viewer", PASSWORD, "test")

        assert "already belongs to" in str(refusal.value)


def test_password_is_changed(app: Flask) -> None:
    with app.app_context():
        add_user("a@example.org", "One", "admin", PASSWORD, "test")

        change_password("A@example.org", "quite another one", "test")

        assert check_login("a@example.org", PASSWORD) is None
        assert check_login("a@example.org", "quite another one") is not None
        with pytest.raises(NotFound):
            change_password("b@example.org", PASSWORD, "test")


def test_overlong_password_is_not_even_hashed(app: Flask) -> None:
    with app.app_context():
        add_user("a@example.org", "One", "admin", PASSWORD, "test")

        assert check_login("a@example.org", "x" * 100_000) is None
