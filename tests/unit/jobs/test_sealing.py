"""Files into a backup and out of it again."""

from pathlib import Path

import pytest
from pyrage import x25519

from server.jobs.sealing import CannotUnseal, identities_in, seal, unseal

CONTENT = b"a page of a database " * 5000


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    path = tmp_path / "chapter-tver.sqlite"
    path.write_bytes(CONTENT)
    return path


def test_what_is_sealed_comes_back(plain: Path, tmp_path: Path) -> None:
    """Compressed without a key; the name says what was done."""
    folder = tmp_path / "set"
    folder.mkdir()
    sealed = seal(plain, folder, None)
    assert sealed.name == "chapter-tver.sqlite.gz"
    assert sealed.stat().st_size < len(CONTENT) / 10
    unseal(sealed, tmp_path / "back", [])
    assert (tmp_path / "back").read_bytes() == CONTENT


def test_a_stolen_backup_tells_nothing(plain: Path, tmp_path: Path) -> None:
    """Encrypted to a public key: nothing of the content is in the file, no other key opens it, and the right one does."""
    folder = tmp_path / "set"
    folder.mkdir()
    owner, thief = x25519.Identity.generate(), x25519.Identity.generate()
    sealed = seal(plain, folder, str(owner.to_public()))
    assert [path.name for path in folder.iterdir()] == ["chapter-tver.sqlite.gz.age"]
    assert sealed.read_bytes().startswith(b"age-encryption.org/v1")
    for keys, reason in (([], "private key"), ([thief], "can't be decrypted")):
        with pytest.raises(CannotUnseal, match=reason):
            unseal(sealed, tmp_path / "back", keys)
    unseal(sealed, tmp_path / "back", [thief, owner])
    assert (tmp_path / "back").read_bytes() == CONTENT


@pytest.mark.parametrize("encrypted", [False, True])
def test_a_damaged_file_is_refused(plain: Path, tmp_path: Path, encrypted: bool) -> None:
    """A byte that is another one is found, not restored."""
    folder = tmp_path / "set"
    folder.mkdir()
    owner = x25519.Identity.generate()
    sealed = seal(plain, folder, str(owner.to_public()) if encrypted else None)
    damaged = bytearray(sealed.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    sealed.write_bytes(damaged)
    with pytest.raises(CannotUnseal):
        unseal(sealed, tmp_path / "back", [owner])


def test_identities_are_read_as_age_keygen_writes_them(tmp_path: Path) -> None:
    """Comments are passed over; a file without a key is refused."""
    owner = x25519.Identity.generate()
    path = tmp_path / "key.txt"
    path.write_text(f"# created: 2026-01-01\n# public key: {owner.to_public()}\n{owner}\n")
    assert [str(one) for one in identities_in(path)] == [str(owner)]
    path.write_text("no key\n")
    with pytest.raises(CannotUnseal, match="no private key"):
        identities_in(path)


def test_a_private_key_that_has_a_passphrase_is_refused_in_words(tmp_path: Path) -> None:
    """`age --passphrase` makes a file that is no text; the operator reads a sentence, and no traceback."""
    path = tmp_path / "otkrytka-backup.key"
    path.write_bytes(b"age-encryption.org/v1\n-> scrypt \xff\xfe\x80")
    with pytest.raises(CannotUnseal, match="no private key"):
        identities_in(path)
