"""The inside of a backup: a tar file with the manifest first and its parts after it, in its order."""

import hashlib
import io
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, cast

from sirkel.config.cli.place import Trouble

from .manifest import LARGEST, MANIFEST, Manifest, Part

_BLOCK = 1024 * 1024


class Sink(Protocol):
    """Something that takes bytes."""

    def write(self, data: bytes, /) -> object:
        """Take bytes."""


class Spring(Protocol):
    """Something that gives bytes."""

    def read(self, size: int, /) -> bytes:
        """Give at most `size` bytes; none at the end."""


def part_of(name: str, path: Path) -> Part:
    """Measure one file."""
    with path.open("rb") as file:
        return Part(name, path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def write(sink: Sink, manifest: Manifest, files: Mapping[str, Path]) -> None:
    """Write manifest and parts.

    Raises:
        Trouble: a file is no longer what the manifest says.

    """
    page = manifest.to_json()
    with tarfile.open(fileobj=cast("Any", sink), mode="w|", format=tarfile.PAX_FORMAT) as tar:
        tar.addfile(_entry(MANIFEST, len(page)), io.BytesIO(page))
        for part in manifest.parts:
            with files[part.name].open("rb") as file:
                watched = _Watched(file)
                try:
                    tar.addfile(_entry(part.name, part.size), cast("Any", watched))
                except OSError as error:
                    raise Trouble(f"The backup could not be written: {error}") from error
            if watched.digest.hexdigest() != part.sha256:
                raise Trouble(f"{part.name} changed while it was being copied. Try again.")


def read(spring: Spring, folder: Path) -> Manifest:
    """Read manifest and parts into an empty folder; every part is as the manifest says when this returns.

    Raises:
        Trouble: (code 2) anything but the parts of the manifest in their order, or a part with another content.

    """
    try:
        with tarfile.open(fileobj=cast("Any", spring), mode="r|") as tar:
            manifest = _read_manifest(tar)
            for part in manifest.parts:
                _read_part(tar, part, folder)
            if tar.next() is not None:
                raise Trouble("The backup holds more than its first page says. Nothing was restored.", code=2)
    except tarfile.TarError as error:
        raise Trouble(
            "The file was changed or is cut off: it cannot be read. Nothing was restored.", code=2
        ) from error
    while spring.read(_BLOCK):  # only at the very end is it known that nothing was cut off
        pass
    return manifest


def _read_manifest(tar: tarfile.TarFile) -> Manifest:
    entry = tar.next()
    if entry is None or entry.name != MANIFEST or not entry.isreg() or entry.size > LARGEST:
        raise Trouble("This is not a backup of Sirkel: its first page is missing.", code=2)
    page = tar.extractfile(entry)
    return Manifest.from_json(page.read() if page else b"")


def _read_part(tar: tarfile.TarFile, part: Part, folder: Path) -> None:
    entry = tar.next()
    if entry is None or entry.name != part.name or not entry.isreg() or entry.size != part.size:
        raise Trouble(
            f"{part.name} is not in the backup as its first page says. Nothing was restored.", code=2
        )
    target = folder / part.name
    target.parent.mkdir(parents=True, exist_ok=True)
    content = tar.extractfile(entry)
    digest = hashlib.sha256()
    with target.open("xb") as file:
        while content and (block := content.read(_BLOCK)):
            digest.update(block)
            file.write(block)
    if digest.hexdigest() != part.sha256:
        raise Trouble(f"{part.name} was changed since the backup was made. Nothing was restored.", code=2)


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


class _Watched:
    """A file that is hashed while it is read."""

    def __init__(self, file: io.BufferedReader) -> None:
        self._file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self._file.read(size)
        self.digest.update(block)
        return block
