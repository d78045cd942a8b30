"""age, the program: closing for public keys, opening with a private one. What it writes `age --decrypt` opens too."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from sirkel.config.cli.place import Trouble

from .archive import Sink, Spring

DAMAGED = "The file was changed or is cut off. Nothing was restored."
NO_FIT = "The key does not open this file: it is another key, or the file was changed. Nothing was restored."
NO_AGE = "The program age is not installed: apt install age"


@contextmanager
def writing(recipients: Sequence[str], file: BinaryIO) -> Iterator[Sink]:
    """Give a place to write to; what is written is closed for `recipients` (checked already) and lands in `file`."""
    program = shutil.which("age")
    if program is None:
        raise Trouble(NO_AGE)
    command = [program, *(word for one in recipients for word in ("-r", one))]
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=file, stderr=said)  # noqa: S603 -- words checked above
        try:
            if child.stdin is None:
                raise Trouble("age takes no input.")
            try:
                yield child.stdin
                child.stdin.close()
            except BrokenPipeError:
                pass  # its exit code says why
            if child.wait():
                said.seek(0)
                raise Trouble(f"age could not close the backup: {_first_line(said.read())}")
        finally:
            _end(child)


@contextmanager
def reading(path: Path, key_file: Path) -> Iterator[Spring]:
    """Give what a file holds that one of the identities in `key_file` opens."""
    program = shutil.which("age")
    if program is None:
        raise Trouble(NO_AGE)
    if not key_file.is_file():
        raise Trouble(f"The key file {key_file} cannot be read.", code=2)
    command = [program, "--decrypt", "-i", str(key_file.resolve()), str(path.resolve())]
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(  # noqa: S603 -- two files by their whole path
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said
        )
        try:
            yield _Answered(child, said)
        finally:
            _end(child)


class _Answered:
    """What age gives; its end counts only with age's word that all of it was right."""

    def __init__(self, child: "subprocess.Popen[bytes]", said: BinaryIO) -> None:
        self._child, self._said = child, said

    def read(self, size: int) -> bytes:
        data = self._child.stdout.read(size) if self._child.stdout else b""
        if len(data) < size and self._child.wait():
            self._said.seek(0)
            words = self._said.read()
            fits = b"no identity matched" not in words
            raise Trouble(DAMAGED if fits else NO_FIT, code=2)
        return data


def _end(child: "subprocess.Popen[bytes]") -> None:
    for pipe in (child.stdin, child.stdout):
        if pipe and not pipe.closed:
            try:
                pipe.close()
            except BrokenPipeError:
                continue
    if child.poll() is None:
        child.terminate()
        child.wait()


def _first_line(words: bytes) -> str:
    return (words.decode(errors="replace").strip().splitlines() or ["it does not say why"])[0][:200]
