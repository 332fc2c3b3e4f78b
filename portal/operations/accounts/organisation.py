"""Change what an organisation is called; its address stays."""

import unicodedata

from portal.errors import Refused
from portal.models import Organisation, db
from portal.operations.history import record

LONGEST_NAME = 200
# They turn around how the text after the name is read.
TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def rename_organisation(organisation: Organisation, name: str, actor: str) -> None:
    """Give the organisation another name. Raises Refused for none or one that cannot be its name."""
    wanted = normal_name(name)
    if wanted == organisation.name:
        return
    text = f"Renamed the organisation from “{organisation.name}” to “{wanted}”."
    organisation.name = wanted
    record(organisation.id, actor, "renamed", text)
    db.session.commit()


def normal_name(name: str, field: str = "name") -> str:
    """The name of an organisation as it is stored. Raises Refused, at this field, for one that cannot be shown."""
    wanted = unicodedata.normalize("NFC", " ".join(name.split()))
    if not wanted:
        raise Refused("Enter a name.", field)
    if len(wanted) > LONGEST_NAME:
        raise Refused(f"A name has at most {LONGEST_NAME} characters.", field)
    if any(
        unicodedata.category(each) == "Cc" or unicodedata.bidirectional(each) in TURNING for each in wanted
    ):
        raise Refused(
            "The name has a character in it that steers how text is shown. Type the name anew.", field
        )
    return wanted
