"""The first page of a backup: what it holds, in a form that can be checked line by line."""

import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime

from sirkel.config.cli.place import Trouble

FORMAT = 1
ALIASES = ("default", "research", "vault")
ENGINES = ("sqlite", "postgresql")
MANIFEST = "manifest.json"
LARGEST = 64 * 1024 * 1024
_NAME = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}/){0,20}[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}")


@dataclass(frozen=True)
class Part:
    """One file of a backup: its path inside, its length in bytes and the SHA-256 of its content in hex."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself.

    `made_at` is an ISO moment in UTC at which no database was being written; `engines` and `rows` go by database
    (rows further by table); `heads` are the heads of the audit chains by organisation, `left_out` what is not here.
    """

    version: str
    made_at: str
    engines: dict[str, str]
    rows: dict[str, dict[str, int]]
    heads: dict[str, str]
    left_out: dict[str, str]
    parts: tuple[Part, ...]

    def to_json(self) -> bytes:
        """Give the manifest as it is written."""
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1, sort_keys=True).encode() + b"\n"

    @classmethod
    def from_json(cls, data: bytes) -> "Manifest":
        """Read a manifest.

        Raises:
            Trouble: (code 2) another format, or not a manifest at all.

        """
        try:
            found = json.loads(data)
            if found["format"] != FORMAT:
                raise Trouble(
                    f"This backup has format {str(found['format'])[:20]}, and this Sirkel reads format {FORMAT} only.",
                    code=2,
                )
            parts = tuple(
                Part(str(part["name"]), int(part["size"]), str(part["sha256"])) for part in found["parts"]
            )
            manifest = cls(
                version=str(found["version"]),
                made_at=str(found["made_at"]),
                engines={alias: found["engines"][alias] for alias in ALIASES},
                rows={
                    alias: {str(table): int(count) for table, count in found["rows"][alias].items()}
                    for alias in ALIASES
                },
                heads={str(chain): str(head) for chain, head in found["heads"].items()},
                left_out={str(name): str(why) for name, why in found["left_out"].items()},
                parts=parts,
            )
            datetime.fromisoformat(manifest.made_at)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Trouble("This is not a backup of Sirkel: its first page cannot be read.", code=2) from error
        names = [part.name for part in parts]
        if set(manifest.engines.values()) - set(ENGINES) or len(set(names)) != len(names):
            raise Trouble("This is not a backup of Sirkel: its first page contradicts itself.", code=2)
        for part in parts:
            if not is_safe(part.name) or part.size < 0:
                raise Trouble(
                    f"The backup holds a part with an odd name: {part.name[:80]!r}. Nothing was restored.",
                    code=2,
                )
        return manifest


def is_safe(name: str) -> bool:
    """Tell whether a name leads to a file below the folder it is read into, and to nothing hidden."""
    return bool(_NAME.fullmatch(name)) and name != MANIFEST
