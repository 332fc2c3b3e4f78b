"""Two texts say the same, however a server writes down what it was sent."""

import pytest

from portal.text.spelling import says_the_same

LINK = '<p>See <a href="https://example.org/a?b=1&amp;c=2" title="There">there</a>.</p>'


@pytest.mark.parametrize(
    ("sent", "there"),
    [
        ("One\nTwo", "One\r\nTwo"),
        ("Caf\u00e9", "Cafe\u0301"),
        ("R&D", "R&amp;D"),
        ("“Quoted”", "&ldquo;Quoted&rdquo;"),
        ("A\u00a0B", "A&nbsp;B"),
        ("<p>One<br>Two</p>", "<p>One<br />Two</p>"),
        ("<p>One</p><p>Two</p>", "<p>One</p>\r\n\r\n<p>Two</p>\r\n"),
        ("<P>One</P>", "<p>One</p>"),
        ("<ul><li>One</li><li>Two</li></ul>", "<ul>\n  <li>One</li>\n  <li>Two</li>\n</ul>"),
        ("Only words", "<p>Only words</p>"),
        (LINK, '<p>See <a title="There" href="https://example.org/a?b=1&c=2">there</a>.</p>'),
        ("", "  \n"),
    ],
)
def test_what_a_server_writes_otherwise_says_the_same(sent: str, there: str) -> None:
    assert says_the_same(sent, there)
    assert says_the_same(there, sent)


@pytest.mark.parametrize(
    ("sent", "there"),
    [
        ("Title", "title"),
        ("One Two", "OneTwo"),
        ("<p>One</p><p>Two</p>", "<p>One Two</p>"),
        ("<p>One <b>two</b></p>", "<p>One two</p>"),
        ("<p>One<b> two</b></p>", "<p>One<b>two</b></p>"),
        (LINK, LINK.replace("https://example.org/a", "https://example.org/b")),
        ("<p>One</p>", "<p>One</p><hr>"),
        ("<p>One</p>", '<p>One</p><iframe src="https://example.org/film"></iframe>'),
        ("<p>One</p>", "<p>One</p><script>alert()</script>"),
        ("<ul><li>One</li></ul>", "<ol><li>One</li></ol>"),
        ("x" * 200_000, "x" * 200_001),
        ("<b>" * 2_000, "<b>" * 2_001),
    ],
)
def test_what_an_editor_has_changed_does_not(sent: str, there: str) -> None:
    assert not says_the_same(sent, there)
    assert not says_the_same(there, sent)
