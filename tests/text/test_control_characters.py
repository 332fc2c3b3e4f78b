"""Names from outside steer no terminal and forge no entry of a log."""

import logging

import pytest

from portal.core import Entries
from portal.text.control_characters import made_visible


@pytest.mark.parametrize(
    ("text", "visible"),
    [
        ("Été “🎪”\tone\ntwo", "Été “🎪”\tone\ntwo"),
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("\x1b[2J\x1b[H\x1bc", r"\x1b[2J\x1b[H\x1bc"),
        ("over\rwritten\b\x7f", r"over\x0dwritten\x08\x7f"),
        ("\x9b31m", r"\x9b31m"),  # the same as ESC [ where eight bits count
        ("\x1b[1;31mred\x1b[0m", "\x1b[1;31mred\x1b[0m"),
    ],
)
def test_signs_that_steer_are_shown(text: str, visible: str) -> None:
    assert made_visible(text) == visible


def test_g5_no_name_makes_an_entry_of_the_log() -> None:
    forged = "Conf\r\n2026-11-28 06:00:00,000 INFO portal: Run 7 ended\u2028and more"
    record = logging.LogRecord("portal", logging.INFO, "", 0, "Run %s began: %s", (1, forged), None)

    assert Entries("%(levelname)s %(message)s").format(record) == (
        "INFO Run 1 began: Conf\\x0d\n    2026-11-28 06:00:00,000 INFO portal: Run 7 ended\n    and more"
    )
