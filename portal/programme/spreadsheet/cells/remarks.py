"""Reads what stands behind a name: a company, a job, a role, or that somebody is not sure yet."""

import re
from dataclasses import dataclass, field

from portal.programme.spreadsheet.cells.name_words import DEGREES, DEGREES_AT_END, HONORIFICS, PARTICLES
from portal.programme.spreadsheet.words import roles
from portal.text.matching import fold, trimmed

REMARK = re.compile(r"\s*(?:\(([^()]*)\)|\[([^\[\]]*)\])\s*$")
# How an export says who is not accepted, or has a rare role.
STATUS_REMARK, ROLE_REMARK = "status: ", "role: "
NOT_SURE = frozenset(
    ("tbc", "tba", "tbd", "invited", "to be confirmed", "angefragt", "à confirmer", "por confirmar")
)
OF_NO_FIELD = re.compile(
    r"(?:she|he|they|her|him|them|hers|his|theirs|sie|ihr|er|ihm|elle|il|iel|ella|él)(?:\s*/\s*\w+)+"
    r"|https?://\S+|remote|online|virtual|virtuell|hybrid|in person|vor ort|en ligne|en línea|zoom|digital"
)
DASH = re.compile(r"\s+(?:[–—|@-]|from|bei|chez)\s+")  # and words that stand in no name
JOB = re.compile(
    r"(?:c[etofmid]o|ceo|cto|(?:vice[- ])?president|vp|chief|director|head|managing|manager|lead(?:er)?"
    r"|founder|co-?founder|professor|prof|lecturer|researcher|fellow|student|engineer|developer|architect|analyst|consultant|editor"
    r"|partner|chair(?:man|woman)?|owner|leiter(?:in)?|geschäftsführer(?:in)?|vorstand|professorin|entwickler(?:in)?|berater(?:in)?"
    r"|direct(?:eur|rice)|président|responsable|chercheur|directora?|jefe|jefa|presidente|presidenta|investigadora?"
    r"|direttor[ei]|direttrice|responsabile|ricercator[ei]|directeur|hoofd|onderzoeker|diretora?)\b.*",
    re.IGNORECASE,
)
JOB_BEFORE_COMPANY = re.compile(r"(?<=\w),\s*([^,;|()\n]{1,100}?)\s*\(([^()]{1,200})\)")
AT = re.compile(r"\s*,\s*|\s+(?:at|@|bei|chez|presso|bij)\s+")


@dataclass(slots=True)
class Behind:
    """What was found behind a name, and the name as it was spelled with and without it."""

    company: str | None = None
    job_title: str | None = None
    status: str | None = None
    role: str | None = None
    spellings: set[str] = field(default_factory=set)


def spelled(name: str) -> str:
    """The name as it is compared with what a cell writes."""
    return " ".join(fold(name).split())


def with_jobs_in_brackets(text: str) -> str:
    """“Ann Lee, CTO (ACME)” with both in brackets: “Ann Lee (CTO, ACME)”."""

    def joined(found: re.Match[str]) -> str:
        is_job = JOB.fullmatch(found[1]) and not HONORIFICS.match(found[1])
        return f" ({found[1]}, {found[2]})" if is_job else found[0]

    return JOB_BEFORE_COMPANY.sub(joined, text)


def take_remarks(text: str, exact: bool) -> tuple[str, Behind]:
    """The text without what stands behind the name; `exact`: as an export writes it, with status and role alone."""
    behind = Behind(spellings={spelled(text)})
    text = _without_brackets(text if exact else with_jobs_in_brackets(text), exact, behind)
    if not exact:
        text, remark = _without_company(DEGREES_AT_END.sub(r"\1", DEGREES.sub("", text)))
        if roles().get(fold(remark or "")) == "moderator":  # “Ann Lee – Moderator”; a chair may be a job
            behind.role = "moderator"
        else:
            _take_company(remark, behind)
        text = _without_brackets(text, exact, behind)  # “Ann Lee (she/her), ACME”
        behind.spellings.add(spelled(text))
    return text, behind


def _without_brackets(text: str, exact: bool, behind: Behind) -> str:
    while found := REMARK.search(text):
        inside = trimmed(found[1] or found[2] or "")
        if exact and not fold(inside).startswith((STATUS_REMARK, ROLE_REMARK)):
            break
        text = text[: found.start()]
        behind.spellings.add(spelled(text))
        _take_remark(inside, behind)
    return text


def _take_remark(inside: str, behind: Behind) -> None:
    word = fold(inside)
    if word.startswith(STATUS_REMARK):
        behind.status = word.removeprefix(STATUS_REMARK)
    elif word.startswith(ROLE_REMARK):
        behind.role = word.removeprefix(ROLE_REMARK)
    elif word in NOT_SURE:
        behind.status = "pending"
    elif word in roles():
        behind.role = roles()[word]
    elif any(map(str.isalpha, word)) and not OF_NO_FIELD.fullmatch(word):
        _take_company(inside, behind)


def _take_company(text: str | None, behind: Behind) -> None:
    """“CTO, ACME”, “ACME, CTO” and “CTO at ACME” are a job and a company; what is said first stays."""
    if not text:
        return
    job, *rest = AT.split(text, maxsplit=1)
    company, _, behind_it = text.rpartition(",")
    if company and not JOB.fullmatch(job) and JOB.fullmatch(trimmed(behind_it)):
        behind.job_title = behind.job_title or trimmed(behind_it)
        text = trimmed(company)
    elif JOB.fullmatch(job):
        behind.job_title = behind.job_title or job
        text = rest[0] if rest else ""
    behind.company = behind.company or text or None


def _without_company(text: str) -> tuple[str, str | None]:
    """The name, and what stands behind it after a dash or a comma: “Ann Lee – ACME”, “Ann Lee, Acme Corp”."""
    if found := DASH.search(text):
        return text[: found.start()], trimmed(text[found.end() :]) or None
    name, sign, rest = text.partition(",")
    name, rest = trimmed(name), trimmed(rest)
    if sign and " " in name and rest and name.split()[0].lower() not in PARTICLES:
        is_company = " " in rest or (len(rest) > 1 and any(map(str.isupper, rest[1:])))
        if is_company and not HONORIFICS.match(f"{rest} "):
            return name, rest
    return text, None
