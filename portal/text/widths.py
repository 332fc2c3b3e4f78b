"""Full-width letters, digits and signs, as East Asian keyboards write them beside their own."""

_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {ord("\u3000"): " "}


def narrow_letters(text: str) -> str:
    """The text with the plain letters, digits, signs and spaces: “１３：３０” is “13:30”."""
    return text if text.isascii() else text.translate(_NARROW)
