"""What every test may rely on."""

import pytest


@pytest.fixture
def anyio_backend() -> str:
    """The server runs on asyncio, so its tests do."""
    return "asyncio"
