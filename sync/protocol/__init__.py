"""The CouchDB HTTP API as an ASGI application over any `Catalog`: `application(catalog, policy, settings)`."""

from sync.protocol.application import Application, application
from sync.protocol.settings import Cors, Settings

__all__ = ["Application", "Cors", "Settings", "application"]
