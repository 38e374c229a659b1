"""One file into a backup and out of it again: compressed, and encrypted to an age public key where there is one.

    chapter-tver.sqlite ──gzip──► chapter-tver.sqlite.gz ──age──► chapter-tver.sqlite.gz.age

Whoever finds such a file learns nothing without the private key, which the server does not have. All functions block.
"""

import gzip
import hashlib
import os
import shutil
import zlib
from pathlib import Path
from typing import BinaryIO

from pyrage import DecryptError, IdentityError, RecipientError, decrypt_io, encrypt_io, x25519

_COMPRESSION = 6
_CHUNK = 1024 * 1024
ENCRYPTED = ".age"


class CannotUnseal(Exception):
    """A file of a backup can't be read. The text is a sentence for the operator."""


def seal(plain: Path, folder: Path, key: str | None) -> Path:
    """Puts a file into the backup `folder`, on the disk before this returns; the name says what was done to it."""
    packed = folder / f"{plain.name}.gz"
    with plain.open("rb") as source, packed.open("wb") as raw:
        # No name and no time inside: the same content gives the same file.
        with gzip.GzipFile("", "wb", _COMPRESSION, raw, mtime=0) as target:
            shutil.copyfileobj(source, target, _CHUNK)
        _sync(raw)
    if key is None:
        return packed
    sealed = packed.with_name(packed.name + ENCRYPTED)
    try:
        with packed.open("rb") as source, sealed.open("wb") as raw:
            encrypt_io(source, raw, [x25519.Recipient.from_str(key)])
            _sync(raw)
    except RecipientError:
        raise CannotUnseal("the public key is not one of age's.") from None
    finally:
        packed.unlink()
    return sealed


def unseal(sealed: Path, plain: Path, identities: list[x25519.Identity]) -> None:
    """Takes a file out of a backup. Raises CannotUnseal for a missing or wrong private key, and for a damaged file."""
    packed = sealed
    try:
        if sealed.suffix == ENCRYPTED:
            if not identities:
                raise CannotUnseal(f"{sealed.name} is encrypted; give the file with the private key (--identity).")
            packed = plain.with_name(plain.name + ".packed")
            with sealed.open("rb") as source, packed.open("wb") as target:
                decrypt_io(source, target, identities)
        with gzip.open(packed, "rb") as unpacked, plain.open("wb") as target:
            shutil.copyfileobj(unpacked, target, _CHUNK)
    except DecryptError:
        raise CannotUnseal(f"{sealed.name} can't be decrypted with this private key.") from None
    except (gzip.BadGzipFile, zlib.error, EOFError):
        raise CannotUnseal(f"{sealed.name} is damaged.") from None
    except OSError as error:
        if error.errno is not None:
            raise  # the disk's; age has errors of this kind too, but without a number
        raise CannotUnseal(f"{sealed.name} is damaged.") from None
    finally:
        if packed != sealed:
            packed.unlink(missing_ok=True)


def identities_in(path: Path) -> list[x25519.Identity]:
    """The private keys in a file as `age-keygen` writes it. Raises CannotUnseal when there is none."""
    try:
        lines = path.read_text("utf-8", "replace").splitlines()  # a key that has a passphrase is no text
        found = [x25519.Identity.from_str(line.strip()) for line in lines if line.startswith("AGE-SECRET-KEY-")]
    except IdentityError:
        found = []
    if not found:
        raise CannotUnseal(f"{path} holds no private key of age's (AGE-SECRET-KEY-…).")
    return found


def fingerprint(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
