"""Results as plain values: a number, or null with a ``why`` beside it, never an invented one and never none at all."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from sirkel.evidence.why import Absent, is_there


def as_object(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object of plain values: null for what is absent, and one ``why`` for all of it."""
    plain: dict[str, Any] = {}
    reasons: dict[str, list[str]] = {}
    for name, value in values.items():
        if isinstance(value, Absent):
            reasons.setdefault(value.sentence, []).append(name)
        plain[name] = _plain(value)
    if len(reasons) == 1:
        plain["why"] = next(iter(reasons))
    elif reasons:
        plain["why"] = " ".join(f"{', '.join(names)}: {sentence}" for sentence, names in reasons.items())
    return plain


def _plain(value: Any) -> Any:
    if not is_there(value):
        return None
    if isinstance(value, tuple):
        return [float(one) for one in value]
    if isinstance(value, np.generic):
        return value.item()
    return value
