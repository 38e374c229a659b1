"""One server for all pages of a module: looking at them changes nothing."""

from collections.abc import Iterator

import pytest

from tests.e2e.furnishing import furnish
from tests.e2e.stage import Otkrytka, demonstration


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Otkrytka]:
    """A running server with the demo's chapters and register, and an evening to count at."""
    with demonstration(tmp_path_factory.mktemp("house")) as server:
        furnish(server)
        yield server
