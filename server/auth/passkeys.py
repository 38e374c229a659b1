"""Passkeys: a coordinator's laptop signs in by its own authenticator (W3C Web Authentication, by py_webauthn).

The server keeps a public key and a counter. A challenge is a ULID in a signed cookie, good for a few minutes; the session it
leads to bears its name, so that one challenge opens one session.
"""

import datetime as dt
from urllib.parse import urlsplit

import msgspec
from itsdangerous import BadSignature, URLSafeTimedSerializer
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from server.auth.errors import NotAllowed, StaleSignIn, UsedSignIn, WrongPasskey
from server.auth.roll import Roll
from server.domain.documents import Passkey
from server.domain.identifiers import new_ulid
from server.domain.identity import Identity
from server.settings import Secret

CHALLENGE_SECONDS = 5 * 60
_VERIFIED = UserVerificationRequirement.REQUIRED


class Registered(msgspec.Struct, frozen=True):
    """A passkey as its owner sees it."""

    id: str
    added: dt.datetime


class Passkeys:
    """The passkeys of one store, for browsers at `public_url`."""

    def __init__(self, roll: Roll, secret: Secret, public_url: str) -> None:
        self._roll = roll
        self._origin = public_url
        self._domain = urlsplit(public_url).hostname or ""
        self._challenges = URLSafeTimedSerializer(secret.reveal(), salt="otkrytka.passkey-challenge")

    async def of(self, device: str) -> list[Registered]:
        """The passkeys of a device, the newest first."""
        found = [
            Registered(name, one.added) for name, one in (await self._roll.all(Passkey)).items() if one.device == device
        ]
        return sorted(found, key=lambda one: one.added, reverse=True)

    async def offer(self, identity: Identity) -> tuple[str, str]:
        """What a browser needs to make a passkey, as JSON, and the cookie that goes with it."""
        challenge = new_ulid()
        device = str(identity.device)
        options = generate_registration_options(
            rp_id=self._domain,
            rp_name="Otkrytka",
            user_id=device.encode(),
            user_name=identity.pseudonym,
            challenge=challenge.encode(),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
            ),
            exclude_credentials=[
                PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.id)) for one in await self.of(device)
            ],
        )
        return options_to_json(options), self._challenges.dumps(challenge)

    async def register(self, identity: Identity, credential: str, cookie: str) -> str:
        """Keeps the public key of a new passkey and answers its id. Raises WrongPasskey, StaleSignIn, UsedSignIn."""
        challenge = self._challenge(cookie)
        try:
            verified = verify_registration_response(
                credential=credential,
                expected_challenge=challenge.encode(),
                expected_rp_id=self._domain,
                expected_origin=self._origin,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError):
            raise WrongPasskey from None
        name = bytes_to_base64url(verified.credential_id)
        passkey = Passkey(
            schema=1,
            device=str(identity.device),
            key=bytes_to_base64url(verified.credential_public_key),
            counter=verified.sign_count,
            added=dt.datetime.now(dt.UTC),
        )
        if not await self._roll.create(f"passkey:{name}", passkey):
            raise UsedSignIn
        return name

    async def remove(self, name: str, identity: Identity) -> None:
        """Forgets a passkey of this device. Raises NotAllowed for another's."""
        found = await self._roll.find(f"passkey:{name}")
        if not isinstance(found, Passkey) or found.device != identity.device:
            raise NotAllowed("This passkey is not one of yours.")
        await self._roll.delete(f"passkey:{name}")

    def ask(self) -> tuple[str, str]:
        """What a browser needs to answer with a passkey of its own, as JSON, and the cookie that goes with it."""
        challenge = new_ulid()
        options = generate_authentication_options(
            rp_id=self._domain, challenge=challenge.encode(), user_verification=_VERIFIED
        )
        return options_to_json(options), self._challenges.dumps(challenge)

    async def answered(self, credential: str, cookie: str) -> tuple[str, str]:
        """The device whose passkey answered, and the name of the session it opens. Raises WrongPasskey, StaleSignIn."""
        challenge = self._challenge(cookie)
        try:
            name = bytes_to_base64url(parse_authentication_credential_json(credential).raw_id)
            known = await self._roll.find(f"passkey:{name}")
            if not isinstance(known, Passkey):
                raise WrongPasskey
            verified = verify_authentication_response(
                credential=credential,
                expected_challenge=challenge.encode(),
                expected_rp_id=self._domain,
                expected_origin=self._origin,
                credential_public_key=base64url_to_bytes(known.key),
                credential_current_sign_count=known.counter,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError):
            raise WrongPasskey from None
        if verified.new_sign_count != known.counter:
            await self._roll.replace(f"passkey:{name}", msgspec.structs.replace(known, counter=verified.new_sign_count))
        return known.device, challenge

    def _challenge(self, cookie: str) -> str:
        try:
            return str(self._challenges.loads(cookie, max_age=CHALLENGE_SECONDS))
        except BadSignature:
            raise StaleSignIn from None
