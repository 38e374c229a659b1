"""DESIGN.md describes what there is: every endpoint and every setting of the API."""

from pathlib import Path

import pytest

from sync.protocol import Settings
from sync.protocol.routes import DATABASE, SERVER

DESIGN = (Path(__file__).parents[3] / "sync" / "DESIGN.md").read_text()


@pytest.mark.parametrize("path", sorted({name.partition("/")[0] for name in [*SERVER, *DATABASE] if name}))
def test_every_endpoint_is_described(path: str) -> None:
    """Supported, refused or our own: the table says which."""
    assert f"{path}" in DESIGN


@pytest.mark.parametrize("name", [name for name in Settings.__struct_fields__ if name.startswith("max_")])
def test_every_limit_is_described(name: str) -> None:
    """With the name of the setting that moves it."""
    assert f"`{name}`" in DESIGN
