"""D2b: only http and https go out."""

import pytest

from portal.text.addresses import web_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://example.org/a?b=1#c", "https://example.org/a?b=1#c"),
        ("HTTP://example.org", "HTTP://example.org"),
        (" \u200bhttps://example.org\ufeff ", "https://example.org"),
        ("https://münchen.example/straße", "https://münchen.example/straße"),
        ("http://[::1]:8000/", "http://[::1]:8000/"),
        ("example.org", "https://example.org"),
        ("www.example.org/x?y=1", "https://www.example.org/x?y=1"),
        ("example.org:8080/path", "https://example.org:8080/path"),
        ("münchen.example", "https://münchen.example"),
        ("xn--mnchen-3ya.xn--p1ai", "https://xn--mnchen-3ya.xn--p1ai"),
    ],
)
def test_d2b_web_address_is_sent(text, address):
    assert web_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "\x01javascript:alert(1)",
        "javascript://example.org/%0aalert(1)",
        "data:text/html,<b>x",
        "vbscript:x",
        "mailto:a@example.org",
        "ftp://example.org/a",
        "//example.org",
        "/a/path",
        "a@example.org",
        "see below",
        "see example.org",
        "https://",
        "https:example.org",
        "https://exa mple.org",
        "https://example.org/\u202egpj.exe",
        "https://example.org\\@evil.example",
        "http://example.org:port",
        "http://[::1",
        "n/a",
        "-",
        "2.5",
        "@handle",
    ],
)
def test_d2b_anything_else_is_left_out(text):
    assert web_address(text) is None
