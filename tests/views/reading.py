"""Pages as tests read them: as the browser takes them, wherever a template's lines end."""

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

KEPT = r"<(?P<kept>pre|textarea|script|style)\b.*?</(?P=kept)>"
ATTRIBUTES = r"""(?:[^>"']|"[^"]*"|'[^']*')*"""
PIECES = re.compile(rf"{KEPT}|<!--.*?-->|</?[a-z]{ATTRIBUTES}>|\s+", re.DOTALL | re.IGNORECASE)
GAPS = re.compile(r"""(?P<value>"[^"]*"|'[^']*')|\s+(?P<last>/?>$)?""")


def in_one_line(html: str) -> str:
    """HTML with one space for each gap between words, elements and attributes.

    What shows its lines keeps them: attributes' values, text areas, preformatted text.
    """
    return PIECES.sub(_piece, html).strip()


def _piece(found: re.Match[str]) -> str:
    if found["kept"] or found[0].startswith("<!"):
        return found[0]
    return GAPS.sub(_gap, found[0]) if found[0].startswith("<") else " "


def _gap(found: re.Match[str]) -> str:
    return found["value"] or found["last"] or " "


class Answer(TestResponse):
    """An answer whose page a test reads in one line; files and other kinds of text stay as they are."""

    @property
    def text(self) -> str:  # type: ignore[override]
        text = self.get_data(as_text=True)
        return in_one_line(text) if self.mimetype == "text/html" else text


class Reader(FlaskClient):
    """A browser of tests whose answers are read so."""

    def __init__(self, *args: object, **settings: object) -> None:
        super().__init__(*args, **settings)  # type: ignore[arg-type]
        self.response_wrapper = type("Answer", (Answer, self.response_wrapper), {})
