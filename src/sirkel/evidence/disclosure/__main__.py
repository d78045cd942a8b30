"""``sirkel protect FILE --out FILE``: disclosure control of a set of requested cells."""

import gc
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from sirkel.evidence.command import PROTECT, Parser, add_protect_arguments
from sirkel.evidence.disclosure import BadRequestError, protect, read_request

# What the encoder writes between two cells.
_BETWEEN = "}, {"


def main(words: list[str] | None = None) -> int:
    """Run the command; give the exit code: 2 for a request that cannot be worked on."""
    parser = Parser(prog="sirkel protect", description=PROTECT)
    add_protect_arguments(parser)
    chosen = parser.parse_args(words)
    try:
        cells = protect(read_request(_read(chosen.file)))
    except BadRequestError as refused:
        sys.stderr.write(f"sirkel protect: {refused}\n")
        return 2
    try:
        _write(chosen.out, cells)
    except OSError as error:
        sys.stderr.write(f"sirkel protect: {chosen.out} cannot be written: {error.strerror}\n")
        return 2
    out = sum(cell["status"] == "released" for cell in cells)
    sys.stdout.write(f"{out} of {len(cells)} cells released\n")
    return 0


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        raise BadRequestError(f"there is no file {path}") from None
    except OSError as error:
        raise BadRequestError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadRequestError(f"{path} is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise BadRequestError(f"{path} is not JSON: line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise BadRequestError(f"{path} is not a request: it is nested too deeply") from None


def _write(path: Path, cells: list[dict[str, Any]]) -> None:
    """Write whole or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(_lines(cells))
        Path(name).chmod(0o600)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _lines(cells: list[dict[str, Any]]) -> str:
    """Return a cell a line: to be compared line by line, and the encoder that indents is many times slower."""
    encode = json.JSONEncoder(ensure_ascii=False).encode
    text = encode(cells)
    if text.count(_BETWEEN) == len(cells) - 1:  # no more than stand between cells, so none within a name
        return text.replace(_BETWEEN, "},\n {") + "\n"
    lines = ",\n ".join(encode(cell) for cell in cells)
    return f"[{lines}]\n"


if __name__ == "__main__":
    gc.disable()  # one request and the end: looking for garbage among a million people finds none and takes a tenth
    sys.exit(main())
