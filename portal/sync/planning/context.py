"""All that one planning looks at and that stays the same while it goes through the records."""

from dataclasses import dataclass
from datetime import datetime

from portal.asp.contract import Contract
from portal.sync.planning.snapshot import Links, Offer, Programme, Rules


@dataclass(frozen=True, slots=True)
class Context:
    """What is planned, by which rules, against what; `moment` (aware) is when."""

    programme: Programme
    rules: Rules
    links: Links
    offer: Offer
    contract: Contract
    moment: datetime
