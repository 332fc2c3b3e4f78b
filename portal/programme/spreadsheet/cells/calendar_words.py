"""The words of dates and times, in the languages that programmes come in."""

import re


def _numbered(*words: str) -> dict[str, int]:
    return {word: number for number, several in enumerate(words, 1) for word in several.split()}


MONTHS = _numbered(
    "january januar janvier enero gennaio januari janeiro jan janv ene gen jänner jän",
    "february februar février fevrier febrero febbraio februari fevereiro feb févr fév fev feber",
    "march märz mars marzo maart março marco mar mär mrz mrt maerz",
    "april avril abril aprile apr avr abr",
    "may mai mayo maggio mei maio mag",
    "june juni juin junio giugno junho jun giu",
    "july juli juillet julio luglio julho jul juil lug",
    "august août aout agosto augustus aug ago",
    "september septembre septiembre settembre setembro sep sept set",
    "october oktober octobre octubre ottobre outubro oct okt ott out",
    "november novembre noviembre novembro nov",
    "december dezember décembre diciembre dicembre dezembro dec dez déc dic decembre",
)
WEEKDAYS = _numbered(
    "monday mon mo montag lundi lun lunes lunedì maandag ma segunda-feira segunda seg",
    "tuesday tues tue tu dienstag di mardi mar martes martedì dinsdag terça-feira terça ter",
    "wednesday weds wed we mittwoch mi mercredi mer miércoles mié mercoledì woensdag wo quarta-feira quarta qua",
    "thursday thurs thur thu th donnerstag do jeudi jeu jueves jue giovedì gio donderdag quinta-feira quinta qui",
    "friday fri fr freitag vendredi ven viernes vie venerdì vrijdag vr sexta-feira sexta sex",
    "saturday sat sa samstag sonnabend samedi sam sábado sáb sab sabato zaterdag za",
    "sunday sun su so sonntag dimanche dim domingo dom domenica zondag zo",
)
WEEKDAY = re.compile(rf"(?<!\w)({'|'.join(sorted(WEEKDAYS, key=len, reverse=True))})(?!\w)\.?")
NAMES_OF_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NO_TIME = frozenset(
    "tbc|tba|tbd|t.b.c.|t.b.a.|t.b.d.|to be confirmed|to be announced|to be decided|n/a|na|none|null|-|–|—|?|offen"
    "|noch offen|wird noch bekannt gegeben|à confirmer|à définir|a definir|por confirmar|por definir|da confermare"
    "|da definire|nog onbekend|n.n.b.|a confirmar|xx:xx|??:??"
    "|all day|all-day|whole day|ganztägig|ganztags"
    "|toute la journée|todo el día|tutto il giorno"
    "|hele dag|dia inteiro|flexible|flexibel".split("|")
)
NOON = "noon|midday|mittags?|midi|mediodía|mezzogiorno|meio-dia|meio dia|middag"
MIDNIGHT = "midnight|mitternacht|minuit|medianoche|mezzanotte|meia-noite|middernacht"
BEFORE_A_DAY = re.compile(r"^(?:le|den|am|der|the|on|el|il|lo|op|em|dia)\b")
BEFORE_A_TIME = re.compile(
    r"(?:um|at|from|starting|starts?|ab|von|ca\.?|circa|approx\.?|~|à partir de|dès|vers|de|à|a las|a la|desde las"
    r"|desde"
    r"|alle ore|alle|dalle ore|dalle|ore|om|vanaf|van|às|das|a partir das)\s*(?=\d)"
)
BEFORE_AN_HOUR = re.compile(  # words that stand before hours of a clock of 24
    r"(?:um|ab|von|bis|à|de|dès|a las|a la|desde las|hasta las|alle ore|dalle ore|alle|dalle|ore|om|vanaf|van|tot"
    r"|às|das)\s+(\d{1,2})"
)
UNTIL = r"to|till|until|bis|à|au|jusqu'à|a las|a la|a|hasta las|hasta|alle ore|alle|al|tot|às|até|and|und"
ZONES_BY_LETTERS = re.compile(
    r"\s*\b(?:cet|cest|mez|mesz|bst|est|edt|cst|cdt|mst|mdt|pst|pdt|et|ct|pt|wet|eet)\b"
)
