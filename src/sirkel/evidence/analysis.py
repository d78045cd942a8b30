"""The researcher's analysis of a data set: everything that may be said of each scale, as one tree of numbers.

Its shape is the contract of ``sirkel analyse``: a number, or null with a ``why`` beside it, never an invented one and
never none at all. Numbers are unrounded.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, TypeVar

import numpy as np

from sirkel.evidence import mixed
from sirkel.evidence.agreement import Groups, group_icc
from sirkel.evidence.change import PairedChange, paired_change
from sirkel.evidence.counting import About, Counter, Counts, Pairs, Spread
from sirkel.evidence.honesty import NOTES, notes, shown_change, shown_icc, shown_omega, shown_reliability
from sirkel.evidence.instruments import Instrument
from sirkel.evidence.metadata import NOT_VALIDATED
from sirkel.evidence.omega import omega
from sirkel.evidence.perception_gap import gap_of_means
from sirkel.evidence.reliability import reliability
from sirkel.evidence.why import Absent, Why, is_there
from sirkel.evidence.within_group import WithinGroup

Progress = Callable[[str], None]
Counted = TypeVar("Counted")


def analyse(
    counter: Counter, instrument: Instrument, *, progress: Progress = lambda _text: None
) -> dict[str, Any]:
    """Return all results of a data set.

    Args:
        counter: what counts its answer sheets.
        instrument: what was asked.
        progress: told what is being worked on.

    """
    about, scales = counter.about, {}
    for scale in instrument.scales:
        progress(f"Scale {scale.id}")
        scales[scale.id] = of_scale(about, counter.of(scale))
    return {
        "dataset": {"rows": about.rows, "sha256": about.sha256, "engine": about.engine},
        "instrument": {
            "id": instrument.id,
            "version": instrument.version,
            "validated": instrument.is_validated,
            **({} if instrument.is_validated else {"note": NOT_VALIDATED}),
        },
        "notes": [{"note": note.value, "text": NOTES[note]} for note in _notes(about, scales)],
        "scales": scales,
    }


def of_scale(about: About, counts: Counts) -> dict[str, Any]:
    """Return everything about one scale."""
    n, moments = counts.spread.n, counts.moments
    # A scale of one ward alone says nothing about how its questions hang together.
    is_one_unit = about.units == 1
    block = shown_reliability(reliability(moments), is_one_unit=is_one_unit)
    together = shown_omega(omega(moments), moments.complete, is_one_unit=is_one_unit)
    result: dict[str, Any] = {
        "n": n,
        **_object({"mean": counts.spread.mean if n else Absent(Why.NO_ANSWERS), "sd": _sd(counts.spread)}),
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
    if counts.groups is not None:
        result["icc"] = {"anova": _anova(counts.groups), "reml": _reml(counts.unit_cells)}
        result["rwgj"] = _rwgj(counts.within)
    if counts.pairs is not None:
        result["change"] = {
            "paired": _paired(about.waves or (), counts.pairs),
            "mixed": _mixed(counts.cells),
        }
    if about.has_role:
        result["perception_gap"] = _gap(about, counts)
    return result


def _sd(spread: Spread) -> float | Absent:
    if spread.n < 2:  # noqa: PLR2004 -- a spread needs two
        return Absent(Why.FEW if spread.n else Why.NO_ANSWERS)
    return spread.sd


def _anova(groups: Groups) -> dict[str, Any]:
    found = shown_icc(group_icc(groups))
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


def _reml(cells: mixed.Cells | None) -> dict[str, Any]:
    names = ("icc", "unit_variance", "residual_variance", "intercept", "se")
    try:
        fitted = mixed.fit(_counted(cells))
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


def _rwgj(within: WithinGroup | None) -> dict[str, Any]:
    agreed = _counted(within)
    return _object({"mean": agreed.mean, "median": agreed.median, "units": int(agreed.values.size)})


def _paired(waves: tuple[str, ...], pairs: Pairs) -> dict[str, Any]:
    return {
        f"{waves[one]}-{waves[two]}": _change(shown_change(paired_change(*scores)).change)
        for (one, two), scores in pairs.items()
    }


def _change(change: PairedChange) -> dict[str, Any]:
    return _object({one.name: getattr(change, one.name) for one in fields(change)})


def _mixed(found: mixed.Cells | None) -> dict[str, Any]:
    cells = _counted(found)
    names = ("unit_variance", "person_variance", "residual_variance", "reml_criterion", "singular")
    try:
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


def _gap(about: About, counts: Counts) -> dict[str, Any]:
    if about.units is None or counts.leaders is None:
        return _object({"over_units": Absent(Why.NO_UNITS if about.units is None else Why.NO_LEADER)})
    found = gap_of_means(*counts.leaders)
    return {"units": found.units, "over_units": _change(shown_change(found.paired).change)}


def _counted(value: Counted | None) -> Counted:
    if value is None:
        raise ValueError("what the data have columns for was not counted")
    return value


def _notes(about: About, scales: Mapping[str, Any]) -> list[Any]:
    singular = any(
        found.get("change", {}).get("mixed", {}).get("singular") is True for found in scales.values()
    )
    return list(
        notes(
            answered=about.answered,
            asked=about.rows,
            units=about.units or 0,
            has_waves=about.waves is not None and len(about.waves) > 1,
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
