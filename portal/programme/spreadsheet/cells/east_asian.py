"""Dates, times and signs of Japanese, Chinese and Korean, turned into those that all others are read by."""

import re

from portal.text.widths import narrow_letters

AROUND_NAMES = str.maketrans({"（": " (", "）": ") ", "：": ": ", "\u3000": " "})
DAYS = ("日天일", "月一월", "火二화", "水三수", "木四목", "金五금", "土六토")
NAMES_OF_DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
WEEKDAY = re.compile(
    r"\(([日月火水木金土一二三四五六일월화수목금토])(?:曜日?|요일)?(?:[・,]?祝)?\)|([日月火水木金土])曜日?|([일월화수목금토])요일"
    r"|(?:星期|礼拜|周|週)([日天一二三四五六])"
)
OF_REIWA = re.compile(r"令和\s*(元|\d{1,2})\s*年")  # which began in 2019
YEAR_FIRST = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日号일]")
OF_A_YEAR = re.compile(r"(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日号일]")
CLOCK = re.compile(
    r"(午前|午後|上午|中午|下午|晚上|오전|오후)?\s*(\d{1,2})"
    r"(?:\s*[時时點点시](?!間|间|간)\s*(?:(半|반)|(\d{1,2})\s*[分분]?)?|:(\d{2}))"
)
AFTERNOONS = ("午後", "中午", "下午", "晚上", "오후")
HOURS = re.compile(r"(\d{1,2})\s*(?:時間|小時|小时|시간)(半|반)?")
MINUTES = re.compile(r"(\d{1,3})\s*(?:分間|分钟|分鐘|分|분)")


def in_plain_signs(text: str) -> str:
    """The text of a day or a time in plain digits and words: “3月4日（木）１３時半” is “4 mar thursday 13:30”."""
    if text.isascii():
        return text
    text = narrow_letters(text).replace("〜", "~")
    text = WEEKDAY.sub(_weekday, text)
    text = OF_REIWA.sub(lambda found: f"{2018 + (1 if found[1] == '元' else int(found[1]))}年", text)
    text = YEAR_FIRST.sub(r" \1-\2-\3 ", text)
    text = OF_A_YEAR.sub(_day, text)
    return CLOCK.sub(_clock, text).strip()


def length_in_plain_signs(text: str) -> str:
    """The same of how long something takes: “1時間30分” is “1 h 30 min”."""
    if text.isascii():
        return text
    text = HOURS.sub(lambda found: f"{found[1]} h {'30 min' if found[2] else ''}", narrow_letters(text))
    return MINUTES.sub(r"\1 min", text).strip()


def _weekday(found: re.Match[str]) -> str:
    sign = next(each for each in found.groups() if each)
    return f" {next(name for name, signs in zip(NAMES_OF_DAYS, DAYS, strict=True) if sign in signs)} "


def _day(found: re.Match[str]) -> str:
    month = int(found[1])
    return f" {found[2]} {MONTHS[month - 1]} " if 1 <= month <= 12 else found[0]


def _clock(found: re.Match[str]) -> str:
    half, hour, thirty, minute, written = found.groups()
    told = ("pm" if half in AFTERNOONS else "am") if half else ""
    return f" {hour}:{'30' if thirty else (written or minute or '00').zfill(2)} {told}".rstrip()
