from portal.text.counting import count


def test_a_number_agrees_with_its_word() -> None:
    assert [count(number, "session") for number in (0, 1, 2, 1079)] == [
        "0 sessions",
        "1 session",
        "2 sessions",
        "1,079 sessions",
    ]
    assert [count(number, "person", "people") for number in (1, 2)] == ["1 person", "2 people"]
