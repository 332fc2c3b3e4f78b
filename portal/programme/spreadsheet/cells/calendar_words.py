"""The words of dates and times, in the languages that programmes come in."""

import re


def _numbered(*words: str) -> dict[str, int]:
    return {word: number for number, several in enumerate(words, 1) for word in several.split()}


MONTHS = _numbered(
    "january januar janvier enero gennaio januari janeiro jan janv ene gen jänner jän"
    " styczeń stycznia sty ocak oca leden ledna январь января янв",
    "february februar février fevrier febrero febbraio februari fevereiro feb févr fév fev feber"
    " luty lutego lut şubat şub únor února февраль февраля фев",
    "march märz mars marzo maart março marco mar mär mrz mrt maerz"
    " marzec marca mart březen března marts март марта мар",
    "april avril abril aprile apr avr abr kwiecień kwietnia kwi nisan nis duben dubna апрель апреля апр",
    "may mai mayo maggio mei maio mag maj maja mayıs mayis květen května май мая",
    "june juni juin junio giugno junho jun giu czerwiec czerwca cze haziran haz červen června июнь июня июн",
    "july juli juillet julio luglio julho jul juil lug"
    " lipiec lipca lip temmuz tem červenec července июль июля июл",
    "august août aout agosto augustus aug ago"
    " sierpień sierpnia sie ağustos ağu srpen srpna augusti август августа авг",
    "september septembre septiembre settembre setembro sep sept set"
    " wrzesień września wrz eylül eyl září сентябрь сентября сен сент",
    "october oktober octobre octubre ottobre outubro oct okt ott out"
    " październik października paź ekim eki říjen října октябрь октября окт",
    "november novembre noviembre novembro nov listopad listopada lis kasım kasim kas ноябрь ноября ноя нояб",
    "december dezember décembre diciembre dicembre dezembro dec dez déc dic decembre"
    " grudzień grudnia gru aralık aralik ara prosinec prosince декабрь декабря дек",
)
WEEKDAYS = _numbered(
    "monday mon mo montag lundi lun lunes lunedì maandag ma segunda-feira segunda seg"
    " poniedziałek pon pn pazartesi pzt måndag mandag pondělí понедельник пн",
    "tuesday tues tue tu dienstag di mardi mar martes martedì dinsdag terça-feira terça ter"
    " wtorek wt salı sali tisdag tirsdag úterý вторник вт",
    "wednesday weds wed we mittwoch mi mercredi mer miércoles mié mercoledì woensdag wo quarta-feira quarta qua"
    " środa śr çarşamba onsdag středa среда ср",
    "thursday thurs thur thu th donnerstag do jeudi jeu jueves jue giovedì gio donderdag quinta-feira quinta qui"
    " czwartek czw perşembe torsdag čtvrtek четверг чт",
    "friday fri fr freitag vendredi ven viernes vie venerdì vrijdag vr sexta-feira sexta sex"
    " piątek pią cuma fredag pátek пятница пт",
    "saturday sat sa samstag sonnabend samedi sam sábado sáb sab sabato zaterdag za"
    " sobota sob cumartesi cmt lördag lørdag суббота сб",
    "sunday sun su so sonntag dimanche dim domingo dom domenica zondag zo"
    " niedziela niedz nd pazar söndag søndag neděle воскресенье вс",
)
WEEKDAY = re.compile(rf"(?<!\w)({'|'.join(sorted(WEEKDAYS, key=len, reverse=True))})(?!\w)\.?")
NAMES_OF_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NO_TIME = frozenset(
    "tbc|tba|tbd|t.b.c.|t.b.a.|t.b.d.|to be confirmed|to be announced|to be decided|n/a|na|none|null|-|–|—|?|offen"
    "|noch offen|wird noch bekannt gegeben|à confirmer|à définir|a definir|por confirmar|por definir|da confermare"
    "|da definire|nog onbekend|n.n.b.|a confirmar|xx:xx|??:??"
    "|all day|all-day|whole day|ganztägig|ganztags"
    "|toute la journée|todo el día|tutto il giorno"
    "|hele dag|dia inteiro|flexible|flexibel|do ustalenia|belirlenecek|未定|調整中|待定".split("|")
)
NOON = "noon|midday|mittags?|midi|mediodía|mezzogiorno|meio-dia|meio dia|middag|południe|öğlen?|正午"
MIDNIGHT = "midnight|mitternacht|minuit|medianoche|mezzanotte|meia-noite|middernacht|północ|gece yarısı"
BEFORE_A_DAY = re.compile(r"^(?:le|den|am|der|the|on|el|il|lo|op|em|dia)\b")
BEFORE_A_TIME = re.compile(
    r"(?:um|at|from|starting|starts?|ab|von|ca\.?|circa|approx\.?|~|à partir de|dès|vers|de|à|a las|a la|desde las"
    r"|desde|alle ore|alle|dalle ore|dalle|ore|om|vanaf|van|às|das|a partir das"
    r"|(?:o |od )?godz\.?|od|saat|klo?\.?|الساعة)\s*(?=\d)"
)
BEFORE_AN_HOUR = re.compile(  # words that stand before hours of a clock of 24
    r"(?:um|ab|von|bis|à|de|dès|a las|a la|desde las|hasta las|alle ore|dalle ore|alle|dalle|ore|om|vanaf|van|tot"
    r"|às|das|o godz\.?|godz\.?|saat)\s+(\d{1,2})"
)
UNTIL = (
    r"to|till|until|bis|à|au|jusqu'à|a las|a la|a|hasta las|hasta|alle ore|alle|al|tot|às|até|do godz\.?|do|and"
    r"|und"
)
