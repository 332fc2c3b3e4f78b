"""What tells a company from a person: its legal form, or what kind of place it is."""

import re

LONGEST_COMPANY = 200  # characters
COMPANY = re.compile(
    r".*\b(?:inc|ltd|llc|llp|plc|corp|co|gmbh|ag|kg|se|e\.v|ev|sa|s\.a|sas|sarl|sl|s\.l|bv|b\.v|nv|n\.v|spa|s\.p\.a|srl|oy|ab|as)"
    r"\.?|.*\b(?:university|college|institute|universität|hochschule|institut|université|universidad|università"
    r"|universiteit|universidade|uniwersytet|politechnika|instytut|akademia|üniversitesi|enstitüsü|univerzita|foundation|stiftung|group|department|ministry)\b.*",
    re.IGNORECASE,
)
LEGAL_FORM = (  # of two letters in capitals alone: “Lee, Sa” is somebody
    r"(?:inc|ltd|llc|llp|plc|corp|gmbh|pty|pte|(?-i:S\.?A|S\.?A\.?S|S\.?L|B\.?V|N\.?V|S\.?p\.?A|S\.?r\.?l))\b\.?"
)


def is_company(part: str, by_capitals: bool) -> bool:
    """Whether the text is the name of one; `by_capitals`: “MIT” is one too."""
    is_short = by_capitals and part.isupper() and part.isalpha() and len(part) > 1
    return is_short or (len(part) <= LONGEST_COMPANY and COMPANY.fullmatch(part) is not None)
