"""What stands around a backup: age, a key file, or nothing but a hash.

With a key file the content is sealed as age seals it: a key for this file alone (HKDF-SHA-256 with a random salt),
then ChaCha20-Poly1305 in chunks of 64 KiB whose nonce is the chunk's number and a mark on the last one (the STREAM
construction). A chunk that is changed, moved, doubled or cut off is not opened. The head of the file belongs to
what every chunk authenticates.
"""

import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sirkel.config.cli.place import Trouble

from . import age
from .age import DAMAGED, NO_AGE, NO_FIT
from .archive import Sink, Spring

KEYED = b"sirkel-backup 1 key-file\n"
AGED = b"age-encryption.org/v1\n"
CHUNK = 64 * 1024
_TAG = 16
_SALT = 32
_SEAL = re.compile(rb"\nsha256 ([0-9a-f]{64})\n")
_SEAL_BYTES = 73
_RECIPIENT = re.compile(r"age1[a-z0-9]{50,}|ssh-(?:ed25519|rsa) [A-Za-z0-9+/=]+(?: [\w.@-]+)?")
LEAST_KEY = 32


@dataclass(frozen=True)
class Way:
    """How a backup is closed: for `recipients` with age, with the content of a key file, or, with neither, not at all."""

    recipients: Sequence[str] = ()
    key: bytes | None = None

    @classmethod
    def chosen(cls, recipients: Sequence[str], key_file: str) -> "Way":
        """Read the way from the settings.

        Raises:
            Trouble: (code 2) two ways at once, a recipient of another form, a key that is missing or too short.

        """
        if recipients and key_file:
            raise Trouble(
                "Set SIRKEL_BACKUP_RECIPIENTS or SIRKEL_BACKUP_KEY_FILE, not both: which one closes the backup?",
                code=2,
            )
        for one in recipients:
            if not _RECIPIENT.fullmatch(one):
                raise Trouble(
                    "SIRKEL_BACKUP_RECIPIENTS must list public keys of age (age1…) or SSH, with commas between.",
                    code=2,
                )
        if recipients and not shutil.which("age"):
            raise Trouble(NO_AGE)
        return cls(recipients, read_key(Path(key_file)) if key_file else None)

    @property
    def is_open(self) -> bool:
        """Whether anybody can read the file."""
        return not self.recipients and self.key is None

    @property
    def suffix(self) -> str:
        """How the file's name ends."""
        return ".tar" if self.is_open else ".tar.age" if self.recipients else ".tar.sealed"


def read_key(path: Path) -> bytes:
    """Read a key file: at least 32 bytes that nobody can guess, whitespace around them aside.

    Raises:
        Trouble: (code 2) it cannot be read or is too short.

    """
    try:
        key = path.read_bytes().strip()
    except OSError as error:
        raise Trouble(f"The key file {path} cannot be read: {error.strerror}.", code=2) from error
    if len(key) < LEAST_KEY:
        raise Trouble(f"The key file {path} is too short to be a key: it needs 32 random bytes.", code=2)
    return key


@contextmanager
def closing_with(way: Way, file: BinaryIO) -> Iterator[Sink]:
    """Give a place to write to; what is written is closed and lands in `file`, whole when the block ends without error."""
    if way.recipients:
        with age.writing(way.recipients, file) as sink:
            yield sink
        return
    writer = _Hashed(file) if way.key is None else _Sealed(file, way.key)
    yield writer
    writer.finish()


@contextmanager
def opening(path: Path, key_file: Path | None) -> Iterator[Spring]:
    """Give what a file holds. Only when all of it was read is it sure that nothing was changed.

    Raises:
        Trouble: (code 2) no key or the wrong one, a changed or cut-off file.

    """
    with path.open("rb") as file:
        start = file.read(len(KEYED))
        file.seek(0)
        if start.startswith(AGED):
            if key_file is None:
                raise Trouble(
                    "This backup is closed with age: give your identity file by --key FILE.", code=2
                )
            with age.reading(path, key_file) as spring:
                yield spring
        elif start == KEYED:
            if key_file is None:
                raise Trouble("This backup is closed with a key file: give it by --key FILE.", code=2)
            yield _Unsealed(file, read_key(key_file))
        else:
            yield _Whole(file)


def _derived(key: bytes, head: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(
        HKDF(algorithm=SHA256(), length=32, salt=head[-_SALT:], info=b"sirkel-backup payload").derive(key)
    )


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


class _Sealed:
    """Seals what is written, chunk by chunk."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        self._file, self._number, self._waiting = file, 0, bytearray()
        self._head = KEYED + secrets.token_bytes(_SALT)
        self._cipher = _derived(key, self._head)
        file.write(self._head)

    def write(self, data: bytes) -> int:
        self._waiting += data
        while len(self._waiting) > CHUNK:
            self._put(bytes(self._waiting[:CHUNK]), is_last=False)
            del self._waiting[:CHUNK]
        return len(data)

    def finish(self) -> None:
        self._put(bytes(self._waiting), is_last=True)

    def _put(self, chunk: bytes, *, is_last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, is_last=is_last), chunk, self._head))
        self._number += 1


class _Unsealed:
    """Opens what was sealed, chunk by chunk."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        self._file, self._number, self._ready = file, 0, b""
        self._head = file.read(len(KEYED) + _SALT)
        self._cipher = _derived(key, self._head)
        self._next = file.read(CHUNK + _TAG)
        self._is_over = False

    def read(self, size: int) -> bytes:
        while not self._ready and not self._is_over:
            sealed, self._next = self._next, self._file.read(CHUNK + _TAG)
            self._is_over = not self._next
            try:
                nonce = _nonce(self._number, is_last=self._is_over)
                self._ready = self._cipher.decrypt(nonce, sealed, self._head)
            except InvalidTag as error:
                raise Trouble(DAMAGED if self._number else NO_FIT, code=2) from error
            self._number += 1
        data, self._ready = self._ready[:size], self._ready[size:]
        return data


class _Hashed:
    """Passes bytes on and ends with their SHA-256, so that a changed byte is seen; it keeps no secret and proves no sender."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._digest = file, hashlib.sha256()

    def write(self, data: bytes) -> int:
        self._digest.update(data)
        return self._file.write(data)

    def finish(self) -> None:
        self._file.write(f"\nsha256 {self._digest.hexdigest()}\n".encode())


class _Whole:
    """Reads a file that ends with its hash, after the hash was found to fit."""

    def __init__(self, file: BinaryIO) -> None:
        self._left = os.fstat(file.fileno()).st_size - _SEAL_BYTES
        self._file = file
        digest = hashlib.sha256()
        if self._left > 0:
            left = self._left
            while block := file.read(min(left, 1024 * 1024)):
                digest.update(block)
                left -= len(block)
        seal = _SEAL.fullmatch(file.read(_SEAL_BYTES + 1))
        if seal is None or seal[1].decode() != digest.hexdigest():
            raise Trouble("This is not a whole backup of Sirkel: " + DAMAGED[0].lower() + DAMAGED[1:], code=2)
        file.seek(0)

    def read(self, size: int) -> bytes:
        data = self._file.read(min(size, self._left))
        self._left -= len(data)
        return data
