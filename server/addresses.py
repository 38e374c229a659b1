"""Under which address people reach this server: the setting, else where it last listened, else the default.

`otkrytka serve` notes where it listens, so that `otkrytka invite` beside it makes links that lead there.
"""

from server.settings import Settings

DEFAULT = "http://127.0.0.1:8000"
_FILE = "address"


def public_url(settings: Settings) -> str:
    """The address that invites and links begin with; no slash at its end."""
    if settings.public_url is not None:
        return settings.public_url
    try:
        return (settings.data / _FILE).read_text("utf-8").strip() or DEFAULT
    except FileNotFoundError:
        return DEFAULT


def all_addresses(settings: Settings) -> tuple[str, ...]:
    """Every address of this server: the public one, then its mirrors in their order."""
    return tuple(dict.fromkeys((public_url(settings), *settings.mirrors)))


def listening(settings: Settings, host: str, port: int) -> None:
    """Notes where the server listens. A wildcard address is noted as the loopback one: links must lead somewhere."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    (settings.data / _FILE).write_text(f"http://{reachable}:{port}\n", "utf-8")
