"""Instruments: which questions make up which scale, as YAML that can be compared line by line.

::

    id: demo
    version: "1"
    title: {nb: …, sv: …}
    missing_codes: [9]
    scales:
      - id: N
        items: [N1, N2, N3, N4, N5]
        reverse: []
        min: 1
        max: 6
        missing: half          # half | none | a number of items that must be answered

A scale may also be made of other scales (``scales: [A, B]`` in place of ``items``): then it has their items. What an
instrument says of itself (title, source, rights holder, licence, permission, texts of the items) is kept as it is.
"""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from sirkel.evidence.metadata import faults
from sirkel.evidence.scoring import MissingRule
from sirkel.evidence.xlsform import FormError, read_form

SHIPPED = {
    path.stem.replace("_", "-"): path for path in sorted(Path(__file__).with_name("shipped").glob("*.yaml"))
}
MOST_BYTES = 2_000_000
ABOUT = (
    "title",
    "language",
    "languages",
    "items",
    "response_sets",
    "source",
    "rights_holder",
    "licence",
    "permission",
    "ship",
    "note",
    "validated",
)
OF_INSTRUMENT = ("id", "version", "scales", "missing_codes", *ABOUT)
OF_SCALE = (
    "id",
    "items",
    "scales",
    "reverse",
    "min",
    "max",
    "missing",
    "title",
    "primary",
    "family",
    "sensitive",
    "rates_leader",
)


class InstrumentError(ValueError):
    """Say in one line what is wrong with an instrument, and where."""


@dataclass(frozen=True)
class Scale:
    """One scale: its items in order, those that are turned around, the answers' range and when a score is valid."""

    id: str
    items: tuple[str, ...]
    minimum: float
    maximum: float
    reverse: frozenset[str] = frozenset()
    missing: MissingRule = "half"
    title: Mapping[str, str] = field(default_factory=dict)
    is_primary: bool = False
    """Whether it was declared beforehand to be tested; where none is, all are."""
    family: str = ""
    """With which scales it is tested together; where none is named, with all."""
    is_sensitive: bool = False
    rates_leader: bool = False


@dataclass(frozen=True)
class Instrument:
    """An instrument. ``about`` is what it says of itself, as it was written."""

    id: str
    version: str
    scales: tuple[Scale, ...]
    missing_codes: frozenset[float] = frozenset()
    about: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_validated(self) -> bool:
        """Whether it does not say of itself that it is not yet validated."""
        return self.about.get("validated") is not False

    @property
    def items(self) -> tuple[str, ...]:
        """The items of all scales, each once, in the order they are first named."""
        return tuple(dict.fromkeys(item for scale in self.scales for item in scale.items))


def load(path: Path) -> Instrument:
    """Read an instrument: a YAML file, an XLSForm (.xlsx), or the name of one that is shipped.

    Raises:
        InstrumentError: it cannot be read, is no instrument, or contradicts itself.

    """
    if str(path) in SHIPPED and not path.exists():
        path = SHIPPED[str(path)]
    try:
        return read(read_form(path) if path.suffix.lower() == ".xlsx" else _yaml(path))
    except FormError as error:
        raise InstrumentError(f"{path}: {error}") from None
    except InstrumentError as error:
        raise InstrumentError(str(error) if str(path) in str(error) else f"{path}: {error}") from None


def _yaml(path: Path) -> Any:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InstrumentError(
                f"{path} is larger than any instrument: {MOST_BYTES // 1_000_000} MB at the most"
            )
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InstrumentError(f"there is no file {path}") from None
    except (OSError, UnicodeDecodeError):
        raise InstrumentError(f"{path} cannot be read as text") from None
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        raise InstrumentError(f"{path} is not YAML{where}") from None
    except RecursionError:
        raise InstrumentError(f"{path} is nested too deeply") from None


def read(data: Any) -> Instrument:
    """Read an instrument from what YAML gives.

    Raises:
        InstrumentError: as for ``load``.

    """
    if not isinstance(data, dict):
        raise InstrumentError("an instrument is a mapping with id, version and scales")
    _must_be_known(data, OF_INSTRUMENT, "")
    scales = data.get("scales")
    if not isinstance(scales, list) or not scales:
        raise InstrumentError("scales: is missing or empty")
    by_id: dict[str, dict[str, Any]] = {}
    for place, scale in enumerate(scales):
        where = f"scales[{place}]"
        if not isinstance(scale, dict):
            raise InstrumentError(f"{where}: is no mapping")
        _must_be_known(scale, OF_SCALE, f"{where}.")
        name = _name(scale, "id", where)
        if name in by_id:
            raise InstrumentError(f"{where}.id: {name} stands twice")
        by_id[name] = scale
    found = Instrument(
        id=_name(data, "id", ""),
        version=str(data.get("version", "")),
        scales=tuple(_scale(name, by_id, f"scales[{place}]") for place, name in enumerate(by_id)),
        missing_codes=_codes(data.get("missing_codes")),
        about={key: data[key] for key in ABOUT if key in data},
    )
    fault = next(iter(faults(found.about, found.items)), None)
    if fault:
        raise InstrumentError(fault)
    return found


def _scale(name: str, by_id: Mapping[str, dict[str, Any]], where: str) -> Scale:
    scale = by_id[name]
    items = _items(name, by_id, ())
    low, high = (_number(_inherited(name, by_id, part), f"{where}.{part}") for part in ("min", "max"))
    if low >= high:
        raise InstrumentError(f"{where}: min {low:g} is not below max {high:g}")
    reverse = scale.get("reverse") or []
    if not isinstance(reverse, list):
        raise InstrumentError(f"{where}.reverse: is no list")
    if "scales" in scale:
        reverse = [*reverse, *(one for part in scale["scales"] for one in by_id[part].get("reverse") or [])]
    for item in reverse:
        if item not in items:
            raise InstrumentError(f"{where}.reverse: {item} is no item of {name}{_nearest(item, items)}")
    title, family = scale.get("title"), scale.get("family", "")
    if not isinstance(family, str):
        raise InstrumentError(f"{where}.family: is no name")
    return Scale(
        id=name,
        items=items,
        minimum=low,
        maximum=high,
        reverse=frozenset(reverse),
        missing=_rule(scale.get("missing", "half"), len(items), f"{where}.missing"),
        title=title if isinstance(title, dict) else {},
        is_primary=_flag(scale, "primary", where),
        family=family,
        is_sensitive=_flag(scale, "sensitive", where),
        rates_leader=_flag(scale, "rates_leader", where),
    )


def _flag(scale: Mapping[str, Any], part: str, where: str) -> bool:
    value = scale.get(part, False)
    if not isinstance(value, bool):
        raise InstrumentError(f"{where}.{part}: is neither true nor false")
    return value


def _items(name: str, by_id: Mapping[str, dict[str, Any]], above: tuple[str, ...]) -> tuple[str, ...]:
    """Return a scale's items, those of the scales it is made of included."""
    if name in above:
        raise InstrumentError(f"scale {name} is part of itself: {' > '.join([*above, name])}")
    scale = by_id[name]
    items, parts = scale.get("items"), scale.get("scales")
    if (items is None) == (parts is None):
        raise InstrumentError(f"scale {name} needs either items or scales")
    named = items if parts is None else parts
    if not isinstance(named, list) or not named or not all(isinstance(one, str) and one for one in named):
        raise InstrumentError(f"scale {name}: {'items' if parts is None else 'scales'} is no list of names")
    if parts is None:
        found = tuple(named)
    else:
        for part in parts:
            if part not in by_id:
                raise InstrumentError(f"scale {name}: there is no scale {part}{_nearest(part, by_id)}")
        found = tuple(item for part in parts for item in _items(part, by_id, (*above, name)))
    twice = next((item for item in found if found.count(item) > 1), None)
    if twice:
        raise InstrumentError(f"scale {name}: item {twice} stands twice")
    return found


def _inherited(name: str, by_id: Mapping[str, dict[str, Any]], part: str) -> Any:
    """Return a bound of a scale, or the one that all scales it is made of share."""
    scale = by_id[name]
    if part in scale or "scales" not in scale:
        return scale.get(part)
    bounds = {_inherited(one, by_id, part) for one in scale["scales"]}
    return bounds.pop() if len(bounds) == 1 else None


def _rule(rule: Any, items: int, where: str) -> MissingRule:
    if rule in ("half", "none"):
        return "half" if rule == "half" else "none"
    if isinstance(rule, int) and not isinstance(rule, bool) and 1 <= rule <= items:
        return rule
    raise InstrumentError(f"{where}: {rule!r} is not half, none or a number of items from 1 to {items}")


def _codes(codes: Any) -> frozenset[float]:
    if codes is None:
        return frozenset()
    listed = list(codes) if isinstance(codes, list | dict) else [codes]
    return frozenset(_number(code, "missing_codes") for code in listed)


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InstrumentError(f"{where}: {'is missing' if value is None else f'{value!r} is not a number'}")
    return float(value)


def _name(data: Mapping[str, Any], part: str, where: str) -> str:
    value = data.get(part)
    if not isinstance(value, str | int) or isinstance(value, bool) or not str(value):
        raise InstrumentError(f"{where + '.' if where else ''}{part}: is missing")
    return str(value)


def _must_be_known(data: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    for key in data:
        if key not in known:
            raise InstrumentError(f"{where}{key}: is no part of an instrument{_nearest(str(key), known)}")


def _nearest(name: str, known: Any) -> str:
    found = difflib.get_close_matches(str(name), [str(one) for one in known], n=1)
    return f"; did you mean {found[0]}?" if found else ""
