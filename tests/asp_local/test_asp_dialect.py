"""Another contract than the page's, on the wire alone."""

from pathlib import Path

import pytest
from asp_calls import SESSIONS, Client, asp_session

from asp_local.dialect import BadDialect, Dialect
from asp_local.server import LocalAsp

SPOKEN = """
[paths]
sessions = "talks"
[names]
Title = "Headline"
[headers]
X-Records-Filtered = "X-Total"
"""


@pytest.fixture
def spoken(asp: LocalAsp, tmp_path: Path) -> LocalAsp:
    (tmp_path / "names.toml").write_text(SPOKEN, encoding="utf-8")
    asp.speak(Dialect.read(tmp_path / "names.toml"))
    return asp


def test_paths_fields_and_headers_have_the_other_names(spoken: LocalAsp, client: Client) -> None:
    sent = asp_session()
    talks = SESSIONS.replace("/sessions", "/talks")

    made = client.post(talks, {("Headline" if name == "Title" else name): sent[name] for name in sent})
    listed = client.get(talks)

    assert (made.status_code, client.get(SESSIONS).status_code) == (201, 404)
    assert listed.json()[0]["Headline"] == sent["Title"] == spoken.records()["sessions"][0]["Title"]
    assert (listed.headers["X-Total"], "X-Records-Filtered" in listed.headers) == ("1", False)


def test_controls_and_records_keep_theirs(spoken: LocalAsp, client: Client) -> None:
    client.post(SESSIONS.replace("/sessions", "/talks"), {**asp_session(), "Headline": "A talk"})

    assert "sessions" in client.get("/_records").json()


@pytest.mark.parametrize("text", ["[fields]\nTitle = 'x'", "no toml", None])
def test_a_file_that_is_none_is_refused(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "names.toml").write_text(text, encoding="utf-8")

    with pytest.raises(BadDialect, match=r"names\.toml"):
        Dialect.read(tmp_path / "names.toml")
