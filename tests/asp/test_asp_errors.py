"""What is told of an error: whole sentences, as an admin reads them."""

import re

import pytest

from portal.asp.answers import Answer, check, value_of
from portal.asp.contract import Contract
from portal.asp.errors import (
    AspError,
    CredentialsRejected,
    Duplicate,
    Intercepted,
    ListChanged,
    NoTimeLeft,
    RecordRefused,
    SeminarGone,
    SiteUnseen,
    Stopped,
)

# From a capital letter to a full stop, small letters in between.
SENTENCE = r"[A-Z][^.]*([a-z0-9)’]|ASP)\."
SENTENCES = re.compile(rf"{SENTENCE}( {SENTENCE})*")


@pytest.mark.parametrize(
    "error",
    [
        CredentialsRejected(),
        Duplicate(None),
        Intercepted(403),
        Intercepted(413),
        ListChanged(),
        NoTimeLeft(7.4),
        SeminarGone(),
        SiteUnseen(),
        Stopped(),
    ],
    ids=lambda each: type(each).__name__,
)
def test_an_error_is_told_in_sentences(error: AspError) -> None:
    assert SENTENCES.fullmatch(str(error)), str(error)
    assert not str(error).isupper()


@pytest.mark.parametrize("status", [302, 400, 402, 403, 404, 405, 409, 410, 415, 422, 451])
@pytest.mark.parametrize("body", [b"", b'{"error": "Not this way."}', b"nonsense", b"[]"])
def test_any_answer_that_is_no_success_is_told_in_sentences(status: int, body: bytes) -> None:
    with pytest.raises(AspError) as problem:
        check(Answer(status, {}, body), Contract().transport)

    assert SENTENCES.fullmatch(str(problem.value)), str(problem.value)


@pytest.mark.parametrize(
    "body",
    [
        b'{"errors": [{"field": "Title", "message": "Too long."}, {"field": "Email"}, {"message": "?"}, 7]}',
        b'{"errors": {"Title": ["Too long."], "Email": [], "": "?"}}',
        b'{"errors": {"Title": "Too long.", "Email": null}}',
    ],
)
def test_what_asp_says_of_its_refusal_is_quoted_field_by_field(body: bytes) -> None:
    with pytest.raises(RecordRefused) as problem:
        check(Answer(422, {}, body), Contract().transport)

    assert str(problem.value) == "ASP refused it: Title: Too long.; Email: not accepted."
    assert problem.value.problems == {"Title": "Too long.", "Email": "not accepted"}


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (404, b"", "ASP has no such record."),
        (404, b'{"error": " No seminar. "}', "No seminar."),
        (410, b"", "ASP Events answered 410."),
        (410, b'{"error": "Gone."}', "ASP Events answered 410: Gone."),
        (422, b"", "ASP refused it: status 422."),
        (400, b'{"error": "Bad."}', "ASP refused it: Bad."),
    ],
)
def test_asps_own_words_are_told_where_there_are_any(status: int, body: bytes, told: str) -> None:
    with pytest.raises(AspError) as problem:
        check(Answer(status, {}, body), Contract().transport)

    assert str(problem.value) == told


def test_a_firewall_is_told_from_asp_and_says_what_to_do() -> None:
    told, large = str(Intercepted(403)), str(Intercepted(413))
    read = str(Intercepted(403, wrote=False))

    assert "refused this (403), perhaps because its text looks like an attack to it" in told
    assert "refused this (413), perhaps because it is too large for it" in large
    assert (
        "the API key is not the cause" in told and "attack" not in read and read.endswith("then try again.")
    )


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.2, "1 second"), (7.4, "7 seconds"), (7.6, "8 seconds"), (3_600, "60 minutes"), (200_000, "2 days")],
)
def test_who_waits_hears_for_how_long(seconds: float, shown: str) -> None:
    assert f"asks to wait for {shown}." in str(NoTimeLeft(seconds))


@pytest.mark.parametrize("error", [ListChanged(), Duplicate("U1")])
def test_an_error_says_whether_the_request_may_have_arrived(error: AspError) -> None:
    assert (getattr(error, "arrived", None), getattr(error, "uuid", None)) in ((False, None), (None, "U1"))


def test_what_no_database_takes_is_replaced_and_everything_else_stays() -> None:
    body = b'{"a\\u0000": ["b\\u0000", 7, true, null, 1.5, {"c": false}]}'

    ((key, value),) = value_of(Answer(200, {}, body)).items()

    assert "\0" not in key and "\0" not in value[0]
    assert value[1:] == [7, True, None, 1.5, {"c": False}]
