"""What makes an existing ASP record ours: its `sessionboard_id`, or its e-mail (I4)."""

from collections.abc import Mapping
from typing import Any

from portal.asp.contract import Contract
from portal.text.matching import fold


def carried_id(values: Mapping[str, Any], contract: Contract) -> str:
    """The portal's id of the session that these values of an ASP session name, in lower case; "" for none."""
    return _key(values, contract.session.sessionboard_id)


def email_of(values: Mapping[str, Any], contract: Contract) -> str:
    """The e-mail in these values of a speaker, as it is compared (D2c, D13); "" for none."""
    return _key(values, contract.speaker.email)


def _key(values: Mapping[str, Any], slug: str) -> str:
    return fold(str(values.get(slug) or ""))
