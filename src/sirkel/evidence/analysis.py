"""The researcher's analysis of a data set: everything that may be said of each scale, as one tree of numbers.

Its shape is the contract of ``sirkel analyse``: a number, or null with a ``why`` beside it, never an invented one and
never none at all. Numbers are unrounded.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, TypeVar

from sirkel.evidence import mixed
from sirkel.evidence.agreement import Groups, group_icc
from sirkel.evidence.counting import About, Counter, Counts
from sirkel.evidence.fiml import fiml_of
from sirkel.evidence.honesty import (
    NOTES,
    Note,
    notes,
    shown_icc,
    shown_omega,
    shown_omega_value,
    shown_reliability,
    shown_unit_variance,
)
from sirkel.evidence.instruments import Instrument
from sirkel.evidence.metadata import NOT_VALIDATED
from sirkel.evidence.omega import omega
from sirkel.evidence.over_waves import add_holm, change_result, change_results
from sirkel.evidence.perception_gap import gap_of_means
from sirkel.evidence.reliability import reliability
from sirkel.evidence.results import as_object
from sirkel.evidence.why import Absent, Why
from sirkel.evidence.within_group import WithinGroup

NOT_TOLD = NOTES[Note.RESPONSE_UNKNOWN]
Progress = Callable[[str], None]
Counted = TypeVar("Counted")


def analyse(
    counter: Counter,
    instrument: Instrument,
    *,
    asked: int | None = None,
    progress: Progress = lambda _text: None,
) -> dict[str, Any]:
    """Return all results of a data set.

    Args:
        counter: what counts its answer sheets.
        instrument: what was asked.
        asked: how many sheets there would be, had everybody answered; None where nobody knows.
        progress: told what is being worked on.

    """
    about, scales = counter.about, {}
    for scale in instrument.scales:
        progress(f"Scale {scale.id}")
        scales[scale.id] = of_scale(about, counter.of(scale))
    add_holm(instrument, scales)
    if asked is None and about.answered < about.rows:
        asked = about.rows  # a sheet without any answer is somebody who was asked
    return {
        "dataset": {
            "rows": about.rows,
            "sha256": about.sha256,
            "engine": about.engine,
            "answered": about.answered,
            "asked": asked,
            **({"why": NOT_TOLD} if asked is None else {}),
        },
        "instrument": {
            "id": instrument.id,
            "version": instrument.version,
            "validated": instrument.is_validated,
            **({} if instrument.is_validated else {"note": NOT_VALIDATED}),
        },
        "notes": [{"note": note.value, "text": NOTES[note]} for note in _notes(about, scales, asked)],
        "scales": scales,
    }


def of_scale(about: About, counts: Counts) -> dict[str, Any]:
    """Return everything about one scale."""
    moments = counts.moments
    # A scale of one ward alone says nothing about how its questions hang together.
    is_one_unit = about.units == 1
    block = shown_reliability(reliability(moments), is_one_unit=is_one_unit)
    together = shown_omega(omega(moments), moments.complete, is_one_unit=is_one_unit)
    whole = counts.gaps if isinstance(counts.gaps, Absent) else fiml_of(counts.gaps, len(moments.items))
    fiml = (
        whole
        if isinstance(whole, Absent)
        else shown_omega_value(whole.omega, whole.n, is_one_unit=is_one_unit)
    )
    result: dict[str, Any] = {
        **as_object({one.name: getattr(counts.spread, one.name) for one in fields(counts.spread)}),
        "alpha": {
            "listwise": as_object({"n": block.n, "value": block.alpha, "ci95": block.ci95}),
            "pairwise": as_object({"value": block.pairwise}),
        },
        "omega_total": as_object(
            {"model_implied": together.model_implied, "observed": together.observed, "fiml": fiml}
        ),
        "items": {
            item: as_object(
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
        result["change"] = change_results(
            about.waves or (),
            cells=_counted(counts.cells),
            pairs=counts.pairs,
            stayed=_counted(counts.stayed),
        )
    if about.has_role:
        result["perception_gap"] = _gap(about, counts)
    return result


def _anova(groups: Groups) -> dict[str, Any]:
    found = shown_icc(group_icc(groups))
    return as_object(
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
        return as_object(dict.fromkeys(names, Absent(Why(none.why))))
    between, within, units = fitted.unit_variance or 0.0, fitted.residual_variance, fitted.cells.units
    intercept = mixed.fixed_effects(fitted)["intercept"]
    return as_object(
        {
            "icc": shown_unit_variance(between / (between + within), units),
            "unit_variance": shown_unit_variance(between, units),
            "residual_variance": within,
            "intercept": intercept.estimate,
            "se": intercept.se,
            "singular": fitted.is_singular,
        }
    )


def _rwgj(within: WithinGroup | None) -> dict[str, Any]:
    agreed = _counted(within)
    return as_object({"mean": agreed.mean, "median": agreed.median, "units": int(agreed.values.size)})


def _gap(about: About, counts: Counts) -> dict[str, Any]:
    if about.units is None or counts.leaders is None:
        return as_object({"over_units": Absent(Why.NO_UNITS if about.units is None else Why.NO_LEADER)})
    found = gap_of_means(*counts.leaders)
    return {"units": found.units, "over_units": change_result(found.paired)}


def _counted(value: Counted | None) -> Counted:
    if value is None:
        raise ValueError("what the data have columns for was not counted")
    return value


def _notes(about: About, scales: Mapping[str, Any], asked: int | None) -> list[Any]:
    # Said of all scales together only where it holds for all of them; a scale's own part says it of that scale.
    models = [found["icc"]["reml"] for found in scales.values() if "icc" in found]
    singular = bool(models) and all(model.get("singular") is True for model in models)
    return list(
        notes(
            answered=about.answered,
            asked=asked,
            units=about.units or 0,
            has_waves=about.waves is not None and len(about.waves) > 1,
            is_singular=singular,
        )
    )
