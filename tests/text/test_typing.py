"""What is typed as a description becomes HTML in which nothing is active (D1)."""

import pytest

from portal.text.typing import html_of, is_html


@pytest.mark.parametrize(
    "typed, html",
    [
        ("", ""),
        ("One line", "One line"),
        ("Fish & chips", "Fish &amp; chips"),
        ("a < b", "a &lt; b"),
        ("One\nTwo", "<p>One<br>Two</p>"),
        ("One\n\nTwo & three\n\n\nFour", "<p>One</p><p>Two &amp; three</p><p>Four</p>"),
        ("<p>One</p>\n<ul><li>Two</li></ul>", "<p>One</p>\n<ul><li>Two</li></ul>"),
        ("<b onclick=alert(1)>One</b><script>alert(1)</script>", "<b>One</b>"),
        ("Fish &amp; chips", "Fish &amp; chips"),
    ],
)
def test_d1_typed_text_becomes_passive_html(typed: str, html: str) -> None:
    assert html_of(typed).text == html


def test_d1_cleaning_again_changes_nothing() -> None:
    once = html_of("One\n\nTwo & <three").text

    assert once is not None and html_of(once).text == once


@pytest.mark.parametrize(
    "text, is_one",
    [("<p>a", True), ("a < b", False), ("&eacute;", True), ("AT&T; x", True), ("a & b;", False)],
)
def test_a_text_with_a_tag_or_an_entity_is_html(text: str, is_one: bool) -> None:
    assert is_html(text) is is_one
