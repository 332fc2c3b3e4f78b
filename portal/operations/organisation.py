"""Change what an organisation is called; its address stays."""

import unicodedata

from portal.errors import Refused
from portal.models import Organisation, db
from portal.operations.history import record

LONGEST_NAME = 200


def rename_organisation(organisation: Organisation, name: str, actor: str) -> None:
    """Give the organisation another name. Raises Refused for none or one that is far too long."""
    wanted = unicodedata.normalize("NFC", " ".join(name.split()))
    if not wanted:
        raise Refused("Enter a name.", "name")
    if len(wanted) > LONGEST_NAME:
        raise Refused(f"A name has at most {LONGEST_NAME} characters.", "name")
    if wanted == organisation.name:
        return
    text = f"Renamed the organisation from “{organisation.name}” to “{wanted}”."
    organisation.name = wanted
    record(organisation.id, actor, "renamed", text)
    db.session.commit()
