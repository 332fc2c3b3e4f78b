"""How words are compared when somebody searches: case and accents aside."""

import unicodedata


def searchable(text: str) -> str:
    """The text in the form in which two spellings of a word are the same."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in decomposed if not "\u0300" <= letter <= "\u036f")
    return " ".join(unicodedata.normalize("NFKC", plain).split())
