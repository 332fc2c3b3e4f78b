"""The table of assumptions, and the file that overrides it."""

from pathlib import Path

import pytest

from portal.asp.contract import Contract, load_contract
from portal.errors import PortalError


def override(folder: Path, text: str) -> Contract:
    path = folder / "contract.toml"
    path.write_text(text)
    return load_contract(str(path))


def test_contract_without_a_file_is_the_assumed_one() -> None:
    assert load_contract("") == Contract()


def test_file_overrides_its_entries_alone(tmp_path: Path) -> None:
    contract = override(tmp_path, '[session]\nstarts_at = "Start"\n[transport]\npage_size = 50\n')

    assert (contract.session.starts_at, contract.transport.page_size) == ("Start", 50)
    assert contract.session.ends_at == "EndTime"
    assert "Start" in contract.native_slugs("session")


def test_empty_location_is_written_as_the_word_null(tmp_path: Path) -> None:
    assert override(tmp_path, '[values]\ncleared_location = "null"\n').values.cleared_location is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[nothing]\na = 1\n", r"there is no group \[nothing\]"),
        ("[__doc__]\na = 1\n", "there is no group"),
        ("[native_slugs]\na = 1\n", "there is no group"),
        ("session = 1\n", "there is no group"),
        ("[session]\nnothing = 1\n", r"\[session\] has no entry “nothing”"),
        ("[session]\ntitle = 1\n", r"\[session\] title must be written like 'Title'"),
        ('[transport]\npage_size = "many"\n', "page_size must be written like 1000"),
        ('[paths]\nsessions = "/all"\n', "must have the same"),
        ('[paths]\nsessions = "/{seminar}/{other}"\n', "must have the same"),
        ('[paths]\nsites = "/{"\n', "must have the same"),
        ("not TOML", "cannot be read"),
    ],
)
def test_file_that_cannot_be_right_is_refused_with_its_place(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(PortalError, match=words):
        override(tmp_path, text)


def test_file_that_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PortalError, match="cannot be read"):
        load_contract(str(tmp_path / "missing.toml"))
