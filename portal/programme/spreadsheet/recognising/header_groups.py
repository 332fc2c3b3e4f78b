"""Headers of two rows: “Speaker 2” stands above “Name” and “E-mail”."""

from portal.programme.spreadsheet.opening.table import Cell
from portal.programme.spreadsheet.words import is_of_role


def groups_of(above: list[Cell], width: int) -> list[str]:
    """What stands above each column, where an empty cell continues the one on its left; "" above a title."""
    filled = [index for index, cell in enumerate(above) if cell is not None]
    if not filled or filled == [0]:
        return [""] * width
    found, group = [], ""
    for index in range(width):
        cell = above[index] if index < len(above) else None
        group = group if cell is None else str(cell)
        found.append(group)
    return found


def below_group(group: str, text: str) -> str:
    """The header with its group before it, where both together name a field of somebody."""
    whole = f"{group} {text}"
    return whole if group and text and is_of_role(whole) else text


def are_groups(above: list[Cell], below: list[Cell]) -> bool:
    """Whether the row has no headers of its own, only groups of those in the row below."""
    headers = [
        (group, str(cell)) for group, cell in zip(groups_of(above, len(below)), below, strict=True) if cell
    ]
    joined = sum(below_group(group, text) != text for group, text in headers)
    return joined >= 2 and len(headers) > sum(cell is not None for cell in above)
