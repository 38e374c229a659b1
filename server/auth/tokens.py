"""What an enrolled device shows: a token in the phone, a cookie in a browser.

Both are signed ids (of the device; in the cookie of its session too) and nothing more: the role, the chapters, whether the
device is let in and whether the session was ended are looked up at every request, so a change holds from the next one.
"""

from functools import lru_cache

from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer

from server.auth.errors import NotEnrolled
from server.domain.identifiers import is_ulid
from server.settings import Secret

SESSION_SECONDS = 14 * 24 * 3600
_REMEMBERED = 4096


class Tokens:
    """Signs device ids and reads them back."""

    def __init__(self, secret: Secret) -> None:
        self._token = URLSafeSerializer(secret.reveal(), salt="otkrytka.device-token")
        # A phone shows the same token with every request. Forged ones are not remembered: they raise.
        self._load_token = lru_cache(_REMEMBERED)(self._token.loads)
        self._session = URLSafeTimedSerializer(secret.reveal(), salt="otkrytka.session")

    def token(self, device: str) -> str:
        """The bearer token of a device. It does not expire: a phone may be offline for months, and can be revoked."""
        return self._token.dumps(device)

    def device_of_token(self, token: str) -> str:
        """The device a token was signed for. Raises NotEnrolled."""
        try:
            return _device(self._load_token(token))
        except BadSignature:
            raise NotEnrolled("The token was not signed by this server.") from None

    def session(self, device: str, session: str) -> str:
        """The value of a browser's session cookie, good for SESSION_SECONDS."""
        return self._session.dumps([device, session])

    def session_of(self, cookie: str) -> tuple[str, str]:
        """The device and the session a cookie was signed for. Raises NotEnrolled, also when it has expired."""
        try:
            signed = self._session.loads(cookie, max_age=SESSION_SECONDS)
        except BadSignature:
            raise NotEnrolled("The session has ended.") from None
        match signed:
            case [str() as device, str() as session]:
                return _device(device), session
        raise NotEnrolled("The session has ended.")  # of an earlier version


def _device(signed: object) -> str:
    if not isinstance(signed, str) or not is_ulid(signed):
        raise NotEnrolled("The token names no device.")
    return signed
