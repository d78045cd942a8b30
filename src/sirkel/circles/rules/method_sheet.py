"""Reads one file of texts and numbers, and collects what is wrong with it, a line per fault."""

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import yaml

from sirkel.circles.rules.method_data import LANGUAGES, MethodFault

_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST = {"title": 60, "about": 300, "prompt": 200, "hint": 160, "say": 400, "advice": 500, "text": 160}
_LONGEST_LINE = 120
_NOTHING: Mapping[str, str] = MappingProxyType({})


def at(where: str, name: object) -> str:
    """Join a path inside a file and a name; the file itself has the empty path."""
    return f"{where}.{name}" if where else str(name)


class _OnceLoader(yaml.SafeLoader):
    """Reads plain data only, and refuses a key that stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:  # noqa: FBT001, FBT002 -- the library's own signature
        seen = set()
        for key, _ in node.value:
            name = str(key.value)
            if name in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{name!r} stands twice", key.start_mark)
            seen.add(name)
        return super().construct_mapping(node, deep=deep)


class Sheet:
    """One file while it is read; collects its faults.

    The readers note what is wrong and give something harmless of the same type, so that reading goes on
    and all faults come at once. ``where`` is the path inside the file, like ``steps[share].prompt``.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.faults: list[str] = []

    def fault(self, where: str, what: str) -> None:
        """Note one fault."""
        self.faults.append(f"{self.path.name}: {where}: {what}")

    def done(self) -> None:
        """Raise `MethodFault` if anything was wrong."""
        if self.faults:
            raise MethodFault(self.faults)

    def load(self) -> object:
        """Give the file's content as plain data. Raises `MethodFault` at once where it is not YAML."""
        try:
            return yaml.load(self.path.read_text(encoding="utf-8"), Loader=_OnceLoader)  # noqa: S506 -- a SafeLoader # nosec B506
        except yaml.MarkedYAMLError as broken:
            line = broken.problem_mark.line + 1 if broken.problem_mark else 1
            raise MethodFault([f"{self.path.name}: line {line}: {broken.problem}"]) from broken
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as broken:
            raise MethodFault(
                [f"{self.path.name}: file: cannot be read ({type(broken).__name__})"]
            ) from broken

    def mapping(self, raw: object, where: str, *, needs: tuple[str, ...], may: tuple[str, ...] = ()) -> dict:
        """Give a map that should hold all of ``needs``, and of the rest only what it ``may``."""
        if not isinstance(raw, dict):
            self.fault(where, "must be a map")
            return {}
        for name in needs:
            if name not in raw:
                self.fault(at(where, name), "is missing")
        for name in raw:
            if name not in (*needs, *may):
                self.fault(at(where, name), "is not known here")
        return raw

    def items(self, raw: object, where: str) -> list:
        """Give a list that should not be empty."""
        if not isinstance(raw, list) or not raw:
            self.fault(where, "must be a list with at least one entry")
            return []
        return raw

    def text(self, raw: object, where: str) -> Mapping[str, str]:
        """Give a text in all languages; an empty map for None."""
        if raw is None:
            return _NOTHING  # the missing key has its own line
        known = self.mapping(raw, where, needs=LANGUAGES)
        longest = _LONGEST[where.rsplit(".", 1)[-1]]
        for language in LANGUAGES:
            value = known.get(language, "…")
            if not isinstance(value, str) or not value.strip():
                self.fault(f"{where}.{language}", "must be a text that is not empty")
            elif len(value) > longest:
                self.fault(f"{where}.{language}", f"has {len(value)} characters, at most {longest} fit")
        return MappingProxyType({name: str(known.get(name, "")).strip() for name in LANGUAGES})

    def line(self, raw: object, where: str) -> str:
        """Give a short text that is the same in every language; empty where it is left out."""
        if not isinstance(raw, str) or len(raw) > _LONGEST_LINE:
            self.fault(where, f"must be a text of at most {_LONGEST_LINE} characters")
            return ""
        return " ".join(raw.split())

    def key(self, raw: object, where: str) -> str:
        """Give a name in kebab-case; empty where it is missing or wrong."""
        if isinstance(raw, str) and _KEY.fullmatch(raw):
            return raw
        if raw is not None:
            self.fault(where, f"{raw!r} must be small letters, digits and single hyphens")
        return ""

    def one_of(self, raw: object, where: str, allowed: tuple[str, ...]) -> str:
        """Give one word of those allowed."""
        if raw is not None and raw not in allowed:
            self.fault(where, f"{raw!r} must be one of {', '.join(allowed)}")
        return str(raw)

    def number(self, raw: object, where: str, allowed: range) -> int:
        """Give a whole number within a range; 0 where it is missing or wrong."""
        if raw is None:
            return 0
        if type(raw) is not int or raw not in allowed:
            self.fault(where, f"{raw!r} must be a whole number from {allowed[0]} to {allowed[-1]}")
            return 0
        return raw
