"""Who somebody is whom the register holds twice, however it came to say so."""

from server.domain.doubles import survivors


def test_whoever_is_merged_into_somebody_merged_is_who_that_one_is() -> None:
    """One step, many steps, and into somebody the register doesn't hold."""
    assert survivors({}) == {}
    assert survivors({"anya": "anna", "hanna": "anya", "bob": "gone"}) == {
        "anya": "anna",
        "hanna": "anna",
        "bob": "gone",
    }


def test_of_a_circle_the_smallest_is_all() -> None:
    """Whoever leads into the circle too; the one that stays is no alias, so that nothing goes round."""
    assert survivors({"c": "a", "a": "b", "b": "c", "d": "c", "e": "d"}) == dict.fromkeys("bcde", "a")


def test_a_long_line_ends() -> None:
    """A register in which everybody is merged into the next."""
    line = {str(number): str(number + 1) for number in range(2000)}
    assert set(survivors(line).values()) == {"2000"}
