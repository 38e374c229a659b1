"""Settings come from the environment, and a wrong one is named."""

from pathlib import Path

import pytest

from server.settings import SETTINGS, Secret, WrongSetting, read


def test_nothing_set_is_a_good_setting() -> None:
    """Everything has a default; an empty variable counts as unset."""
    assert read({}) == read({setting.name: "" for setting in SETTINGS})
    assert read({}).data == Path("data")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OTKRYTKA_STORE", "postgres://nowhere"),
        ("OTKRYTKA_STORE", "couchdb+http://host:5984"),
        ("OTKRYTKA_SECRET", "short"),
        ("OTKRYTKA_PUBLIC_URL", "letters.example"),
        ("OTKRYTKA_PUBLIC_URL", "https://letters.example/app"),
        ("OTKRYTKA_PUBLIC_URL", "https://user@letters.example"),
        ("OTKRYTKA_PUBLIC_URL", "https://letters.example:x"),
        ("OTKRYTKA_MIRRORS", "https://post.example http://mail.example"),
        ("OTKRYTKA_PUBLIK_URL", "https://letters.example"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    """The sentence begins with the variable."""
    with pytest.raises(WrongSetting) as caught:
        read({name: value})
    assert caught.value.name == name
    assert str(caught.value).startswith(f"{name}: ")


def test_a_wrong_setting_is_not_repeated() -> None:
    """The value may hold a password, or be a secret cut short."""
    for name in ("OTKRYTKA_STORE", "OTKRYTKA_SECRET"):
        with pytest.raises(WrongSetting) as caught:
            read({name: "couchdb+http:/hunter2"})
        assert "hunter2" not in str(caught.value)


def test_variables_of_others_are_none_of_ours() -> None:
    """Only names with our prefix are judged, and those of the tests are let be."""
    read({"PATH": "/bin", "OTKRYTKA_TEST_COUCHDB": "http://127.0.0.1:5984"})


def test_an_address_ends_without_a_slash() -> None:
    """So that paths can be put behind it."""
    assert read({"OTKRYTKA_PUBLIC_URL": "https://letters.example/"}).public_url == "https://letters.example"


def test_a_secret_does_not_print() -> None:
    """Neither by itself nor inside the settings."""
    settings = read({"OTKRYTKA_SECRET": "s" * 40})
    assert "ssss" not in f"{settings!r} {settings.secret} {settings.secret!r}"
    assert settings.secret is not None
    assert settings.secret.reveal() == "s" * 40
    assert isinstance(settings.secret, Secret)


def test_the_readme_lists_every_setting() -> None:
    """A setting nobody can read about does not exist for an operator."""
    readme = (Path(__file__).parents[3] / "README.md").read_text("utf-8").splitlines()
    table = [f"| `{setting.name}` | {setting.meaning} | {setting.default} |" for setting in SETTINGS]
    assert [line for line in table if line not in readme] == []
