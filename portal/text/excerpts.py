"""Long texts cut down to where two versions of them differ."""

LONGEST = 240  # characters of a text that are shown
LEAD = 60  # of them before the first difference


def around_difference(before: str, after: str) -> tuple[str, str]:
    """Both texts, each no longer than a few lines, so that the place where they differ is seen."""
    if max(len(before), len(after)) <= LONGEST:
        return before, after
    same = 0
    for one, other in zip(before, after, strict=False):
        if one != other:
            break
        same += 1
    start = max(0, same - LEAD)
    return _cut(before, start), _cut(after, start)


def _cut(text: str, start: int) -> str:
    shown = text[start : start + LONGEST]
    return f"{'…' if start and shown else ''}{shown}{'…' if start + LONGEST < len(text) else ''}"
