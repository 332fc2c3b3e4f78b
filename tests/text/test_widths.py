"""Full-width letters and digits as plain ones."""

from portal.text.widths import narrow_letters


def test_full_width_letters_digits_and_signs_become_plain_ones() -> None:
    assert narrow_letters("Ｒｏｏｍ　１３：３０～") == "Room 13:30~"


def test_all_else_stays() -> None:
    assert narrow_letters("Größe 山田、「開会」½") == "Größe 山田、「開会」½"
