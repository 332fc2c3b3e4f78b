"""The words around names: titles, degrees, particles, and what is said of nobody."""

import re
from functools import cache

from portal.programme.spreadsheet.words import SPEAKER, role_pattern, roles
from portal.text.matching import fold

HONORIFICS = re.compile(
    r"((?:(?:univ\.-prof|prof(?:essor)?|hab|mgr|inż|doc|lek|doç|öğr|gör|üyesi|uzm|profª|profa|prof\.ssa|pr|dr|drs|doctor|dra|drª"
    r"|mr|mrs|ms|mx|miss|sir|dame|lord|lady|rev|hon|ir"
    r"|ing|arq|lic|mag\.a|mag|dipl|rndr|mudr|judr|phdr|h\.e|capt|prof\.ª|herr|frau|hr|fr|mme|mlle|monsieur|madame|sr|sra|srta|señor|señora|dña|doña|dott"
    r"|dott\.ssa|sig|sig\.ra|avv|arch|dhr|mevr|de heer|mevrouw"
    r"|(?:أ\.\s?)?د|الدكتورة?|السيدة?|الأستاذة?)(?:\b|(?<=ª))\.?(?:-ing\.?)?\s+"
    r"|(?:em|med|jur|phil|rer|nat|pol|oec|habil|mult|h\.\s?c)\.\s+|\(fh\)\s+)+)(?=\S)",
    re.IGNORECASE,
)
# Monsieur, don: before a full first name.
SIR = re.compile(r"(M\.|D\.|Dª\.?|D\.ª)\s+(?=\w{2,}\.?(?:-\w+)?\s+\w)")
MADAM = re.compile(r"\b(Mme|Mlle|Mmes|Dña\.?|D\.ª|Dª|Doña)\b")
DEGREE = (
    r"Ph\.?\s?D\.?|M\.?D\.?|MBA|M\.?Sc\.?|B\.?Sc\.?|M\.?A\.?|B\.?A\.?|LL\.?M\.?|Esq\.?|FRS|OBE|CBE|CPA|PMP"
    r"|CISSP|CSc\.?|MP|MEP|MdB|MdL"
)
DEGREES_AT_END = re.compile(
    r"(?<=\S\s\S)(\S+)(?:\s+(?:Ph\.?\s?D\.?|Dr\.|Prof\.|MBA|OBE|CBE|FRS|CISSP|PMP|MP|MEP|MdB|MdL))+$"
)
GENERATION = frozenset("jr jr. sr. ii iii iv".split())  # belongs to the last name before it
GENERATION_BEHIND = re.compile(r",\s*(Jr\.?|Sr\.|II|III|IV)(?=\s*(?:[,;|(\n]|$))")
DEGREES = re.compile(rf",\s*(?:{DEGREE})(?=\s*(?:[,;|(\n]|$))")
PARTICLES = frozenset(
    "van von vom zu zur de der den del della di da dos du des la le ter ten te bin ibn al el y e af av d'".split()
)
CAPITAL_PARTICLES = PARTICLES - {"e", "y", "af", "av", "bin", "ibn", "al", "bei", "te", "zu", "zur", "do"}
NOBODY = frozenset(
    "tbc|tbc.|tba|tbd|n/a|na|-|–|?|none|no speaker|various|n.n.|n. n.|nn|et al.|speaker tbc|speaker tba"
    "|to be confirmed|to be announced|to be decided|offen|noch offen|wird noch bekannt gegeben|diverse|verschiedene"
    "|à confirmer|à définir|por confirmar|por definir|varios|da confermare|da definire|vari|nog onbekend|a confirmar"
    "|a definir"
    "|all speakers|various speakers|several|mehrere|alle|tous|todos|all|everyone|multiple speakers|several speakers"
    "|t.b.a.|t.b.c.|t.b.d.|name folgt|folgt|others|other speakers|andere|autres|otros|keine|keiner|aucun|ninguno"
    "|nessuno|geen|panel|cancelled|canceled|abgesagt|annulé|cancelado|annullato".split("|")
)


GENERAL = (
    "panel|podium|podio|mesa|panelists?|panellists?|with|mit|avec|con|met|com|keynotes?|keynote speakers?|hosts?"
    "|participants?|guests?|discussants?|gäste|teilnehmer(?:innen)?|diskussion|participan|intervienen|intervengono"
    # before a colon or a dash: who speaks
)
VERBS = {  # before a name, without a colon
    "moderator": "moderated by|moderiert von|moderation|animée?s? par|modérée?s? par|modera|moderado por|moderada por"
    "|modéré par|moderato da|moderata da|gemodereerd door",
    "chairperson": "chaired by|presided by|geleitet von|unter leitung von|présidée?s? par|preside|presiede",
    "speaker": "presented by|delivered by|led by|by|with|mit|avec|featuring|vorgetragen von|présentée?s? par"
    "|impartid[oa] por|a cura di|door",
}


@cache
def role_before() -> re.Pattern[str]:
    """Fits a role in front of a name: “Moderator: ”, “moderated by ”."""
    verbs = "|".join(VERBS.values())
    return re.compile(
        rf"(?:({role_pattern()}|{GENERAL})(?:\s*:\s*|\s+[–—-]\s+)|({verbs})\s*:?\s+(?=\w))", re.IGNORECASE
    )


@cache
def role_of_a_sentence() -> re.Pattern[str]:
    """Fits the full stop before a further role: “Moderator: Ann Lee. Panel: Bob Ray, Joe Fox”."""
    return re.compile(rf"\.\s{{1,3}}(?=(?:{role_pattern()}|{GENERAL})\s*:)", re.IGNORECASE)


def role_told(found: re.Match[str]) -> str:
    """The role that a match of `role_before` names."""
    if word := found[1]:
        return roles().get(fold(word), SPEAKER)
    return next(role for role, words in VERBS.items() if re.fullmatch(words, fold(found[2])))
