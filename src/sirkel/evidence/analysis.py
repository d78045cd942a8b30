"""The researcher's analysis of a data set: everything that may be said of each scale, as one tree of numbers.

Its shape is the contract of ``sirkel analyse``: a number, or null with a ``why`` beside it, never an invented one and
never none at all. Numbers are unrounded.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sirkel.evidence import mixed
from sirkel.evidence.agreement import Groups, group_icc
from sirkel.evidence.change import PairedChange, paired_change
from sirkel.evidence.honesty import NOTES, notes, shown_change, shown_icc, shown_omega, shown_reliability
from sirkel.evidence.instruments import Instrument, Scale
from sirkel.evidence.moments import Moments
from sirkel.evidence.omega import omega
from sirkel.evidence.perception_gap import gap_over_units
from sirkel.evidence.reading import Keys, Sheets
from sirkel.evidence.reliability import reliability
from sirkel.evidence.scoring import reverse, score
from sirkel.evidence.why import Absent, Why, is_there
from sirkel.evidence.within_group import within_group

Numbers = NDArray[np.float64]
LEADER = "leader"
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Scored:
    """One scale of a data set: answers after reversal (sheets x items) and scores (nan where there is none)."""

    scale: Scale
    rows: Numbers
    values: Numbers


def analyse(
    sheets: Sheets, instrument: Instrument, *, engine: str, progress: Progress = lambda _text: None
) -> dict[str, Any]:
    """Return all results of a data set.

    Args:
        sheets: the answer sheets.
        instrument: what was asked.
        engine: the name of what counted.
        progress: told what is being worked on.

    """
    scales = {}
    for scale in instrument.scales:
        progress(f"Scale {scale.id}")
        scales[scale.id] = of_scale(sheets, scored(sheets, scale))
    return {
        "dataset": {"rows": sheets.rows, "sha256": sheets.sha256, "engine": engine},
        "instrument": {"id": instrument.id, "version": instrument.version},
        "notes": [{"note": note.value, "text": NOTES[note]} for note in _notes(sheets, scales)],
        "scales": scales,
    }


def scored(sheets: Sheets, scale: Scale) -> Scored:
    """Return a scale's answers turned around where they must be, and its scores."""
    turned = [place for place, item in enumerate(scale.items) if item in scale.reverse]
    rows = reverse(sheets.of(scale.items), turned, low=scale.minimum, high=scale.maximum)
    return Scored(scale, rows, score(rows, scale.missing).values)


def of_scale(sheets: Sheets, found: Scored) -> dict[str, Any]:
    """Return everything about one scale."""
    is_there_ = ~np.isnan(found.values)
    valid = found.values[is_there_]
    n = int(valid.size)
    moments = Moments.from_rows(found.rows, found.scale.items)
    # A scale of one ward alone says nothing about how its questions hang together.
    is_one_unit = sheets.unit is not None and len(sheets.unit.names) == 1
    block = shown_reliability(reliability(moments), is_one_unit=is_one_unit)
    together = shown_omega(omega(moments), moments.complete, is_one_unit=is_one_unit)
    result: dict[str, Any] = {
        "n": n,
        **_object({"mean": float(valid.mean()) if n else Absent(Why.NO_ANSWERS), "sd": _sd(valid)}),
        "alpha": {
            "listwise": _object({"n": block.n, "value": block.alpha, "ci95": block.ci95}),
            "pairwise": _object({"value": block.pairwise}),
        },
        "omega_total": _object({"model_implied": together.model_implied, "observed": together.observed}),
        "items": {
            item: _object(
                {
                    "n": one.n,
                    "mean": one.mean,
                    "sd": one.sd,
                    "item_rest": one.item_rest,
                    "alpha_if_dropped": one.alpha_if_dropped,
                }
            )
            for item, one in block.items.items()
        },
    }
    if sheets.unit is not None:
        result["icc"] = {"anova": _anova(found.values, sheets.unit), "reml": _reml(found.values, sheets.unit)}
        result["rwgj"] = _rwgj(found, sheets.unit)
    if sheets.person is not None and sheets.wave is not None:
        result["change"] = {"paired": _paired(sheets, found.values), "mixed": _mixed(sheets, found.values)}
    if sheets.role is not None:
        result["perception_gap"] = _gap(sheets, found.values)
    return result


def _sd(values: Numbers) -> float | Absent:
    if values.size < 2:  # noqa: PLR2004 -- a spread needs two
        return Absent(Why.FEW if values.size else Why.NO_ANSWERS)
    return float(values.std(ddof=1))


def _anova(values: Numbers, unit: Keys) -> dict[str, Any]:
    found = shown_icc(group_icc(Groups.from_rows(values, unit.codes)))
    return _object(
        {
            "icc1": found.icc1,
            "icc2": found.icc2,
            "mean_group_size": found.mean_group_size,
            "n0": found.n0,
            "icc1_n0": found.icc1_n0,
            "ci95": found.ci95,
            "units": found.groups,
        }
    )


def _reml(values: Numbers, unit: Keys) -> dict[str, Any]:
    is_there_ = ~np.isnan(values)
    names = ("icc", "unit_variance", "residual_variance", "intercept", "se")
    try:
        fitted = mixed.fit(_cells(values, is_there_, None, unit=unit.codes))
    except mixed.NotEstimableError as none:
        return _object(dict.fromkeys(names, Absent(Why(none.why))))
    between, within = fitted.unit_variance or 0.0, fitted.residual_variance
    intercept = mixed.fixed_effects(fitted)["intercept"]
    return {
        "icc": between / (between + within),
        "unit_variance": between,
        "residual_variance": within,
        "intercept": intercept.estimate,
        "se": intercept.se,
        "singular": fitted.is_singular,
    }


def _rwgj(found: Scored, unit: Keys) -> dict[str, Any]:
    categories = round(found.scale.maximum - found.scale.minimum) + 1
    agreed = within_group(found.rows, unit.codes, categories=categories)
    return _object({"mean": agreed.mean, "median": agreed.median, "units": int(agreed.values.size)})


def _paired(sheets: Sheets, values: Numbers) -> dict[str, Any]:
    person, wave = _keys(sheets.person), _keys(sheets.wave)
    table = np.full((len(person.names), len(wave.names)), np.nan)
    table[person.codes, wave.codes] = values
    pairs = {}
    for one, two in combinations(range(len(wave.names)), 2):
        both = ~np.isnan(table[:, one]) & ~np.isnan(table[:, two])
        change = shown_change(paired_change(table[both, one], table[both, two])).change
        pairs[f"{wave.names[one]}-{wave.names[two]}"] = _change(change)
    return pairs


def _change(change: PairedChange) -> dict[str, Any]:
    return _object({one.name: getattr(change, one.name) for one in fields(change)})


def _mixed(sheets: Sheets, values: Numbers) -> dict[str, Any]:
    wave, person = _keys(sheets.wave), _keys(sheets.person)
    names = ("unit_variance", "person_variance", "residual_variance", "reml_criterion", "singular")
    is_there_ = ~np.isnan(values)
    try:
        cells = _cells(
            values, is_there_, wave, unit=sheets.unit.codes if sheets.unit else None, person=person.codes
        )
        fitted = mixed.fit(cells)
    except mixed.NotEstimableError as none:
        why = Absent(Why(none.why))
        return {"fixed": _object({"intercept": why}), **_object(dict.fromkeys(names, why))}
    effects = mixed.fixed_effects(fitted)
    means = mixed.wave_means(fitted)
    fixed = {
        name: _object({"estimate": one.estimate, "se": one.se, "df": one.df, "p": one.p, "ci95": one.ci95})
        for name, one in effects.items()
    }
    unit = fitted.unit_variance
    return {
        "fixed": fixed,
        **_object(
            {
                "unit_variance": Absent(Why.NO_UNITS) if unit is None else unit,
                "person_variance": fitted.person_variance,
                "residual_variance": fitted.residual_variance,
                "reml_criterion": fitted.criterion,
            }
        ),
        "singular": fitted.is_singular,
        "n": cells.answers,
        "means": {
            name: _object({"mean": one.estimate, "se": one.se, "ci95": one.ci95})
            for name, one in means.items()
        },
    }


def _cells(
    values: Numbers,
    chosen: NDArray[np.bool_],
    wave: Keys | None,
    *,
    unit: NDArray[np.int64] | None = None,
    person: NDArray[np.int64] | None = None,
) -> mixed.Cells:
    """Gather what a model asks from the sheets that have a score, in waves that have one."""
    names: tuple[str, ...]
    if wave is None:
        names, codes = ("1",), np.zeros(int(chosen.sum()), dtype=np.int64)
    else:
        names, codes = wave.names, wave.codes[chosen]

    def numbered(keys: NDArray[np.int64] | None) -> NDArray[np.int64] | None:
        return None if keys is None else np.unique(keys[chosen], return_inverse=True)[1].astype(np.int64)

    return mixed.Cells.from_rows(values[chosen], codes, names, unit=numbered(unit), person=numbered(person))


def _gap(sheets: Sheets, values: Numbers) -> dict[str, Any]:
    role = _keys(sheets.role)
    if sheets.unit is None or LEADER not in role.names:
        return _object({"over_units": Absent(Why.NO_LEADER if sheets.unit is not None else Why.NO_UNITS)})
    found = gap_over_units(values, sheets.unit.codes, role.codes == role.names.index(LEADER))
    return {"units": found.units, "over_units": _change(shown_change(found.paired).change)}


def _keys(keys: Keys | None) -> Keys:
    if keys is None:
        raise ValueError("the data have no such column")
    return keys


def _notes(sheets: Sheets, scales: Mapping[str, Any]) -> list[Any]:
    answered = int((~np.isnan(sheets.answers)).any(axis=1).sum())
    singular = any(
        found.get("change", {}).get("mixed", {}).get("singular") is True for found in scales.values()
    )
    return list(
        notes(
            answered=answered,
            asked=sheets.rows,
            units=len(sheets.unit.names) if sheets.unit else 0,
            has_waves=sheets.wave is not None and len(sheets.wave.names) > 1,
            is_singular=singular,
        )
    )


def _object(values: Mapping[str, Any]) -> dict[str, Any]:
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
