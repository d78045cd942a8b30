"""What changed over waves, as results: pairs, the mixed model, and who did not answer again.

Below ten units the model takes them as they are (``mixed.fixed_units``): its means count every unit the same, and no
variance between units is given.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from sirkel.evidence import mixed
from sirkel.evidence.attrition import NOBODY, Attrition, Sides, attrition_of, named_patterns
from sirkel.evidence.change import PairedChange, paired_change
from sirkel.evidence.counting import Pairs, Stayed
from sirkel.evidence.honesty import is_unit_fixed, shown_change
from sirkel.evidence.instruments import Instrument
from sirkel.evidence.multiplicity import holm
from sirkel.evidence.results import as_object
from sirkel.evidence.why import Absent, Why

# So many units are listed one by one.
MOST_UNITS = 200


def change_results(
    waves: tuple[str, ...], *, cells: mixed.Cells, pairs: Pairs, stayed: Stayed
) -> dict[str, Any]:
    """Return everything about one scale over the waves, given by name and in order."""
    return {
        "paired": {
            f"{waves[one]}-{waves[two]}": change_result(paired_change(*scores))
            for (one, two), scores in pairs.items()
        },
        "mixed": _mixed(cells),
        "attrition": _attrition(waves, stayed),
    }


def change_result(found: PairedChange) -> dict[str, Any]:
    """Return one change as it may be shown at its size."""
    change = shown_change(found).change
    return as_object({one.name: getattr(change, one.name) for one in fields(change)})


def _mixed(cells: mixed.Cells) -> dict[str, Any]:
    names = ("unit_variance", "person_variance", "residual_variance", "reml_criterion", "singular")
    is_fixed = cells.has_unit and is_unit_fixed(cells.units)
    fitted: mixed.FixedUnits | mixed.Fit
    try:
        if is_fixed:
            fitted = mixed.fit_units_fixed(cells)
            means = mixed.balanced_means(fitted)
            effects = {"intercept": means[cells.waves[0]], **mixed.changes(fitted)}
            unit: float | Absent = Absent(Why.TOO_FEW_UNITS)
        else:
            fitted = mixed.fit(cells)
            effects, means = mixed.fixed_effects(fitted), mixed.wave_means(fitted)
            unit = Absent(Why.NO_UNITS) if fitted.unit_variance is None else fitted.unit_variance
    except mixed.NotEstimableError as none:
        why = Absent(Why(none.why))
        return {"fixed": as_object({"intercept": why}), **as_object(dict.fromkeys(names, why))}
    return {
        "fixed": {
            name: as_object(
                {"estimate": one.estimate, "se": one.se, "df": one.df, "p": one.p, "ci95": one.ci95}
            )
            for name, one in effects.items()
        },
        **as_object(
            {
                "unit_variance": unit,
                "person_variance": fitted.person_variance,
                "residual_variance": fitted.residual_variance,
                "reml_criterion": fitted.criterion,
            }
        ),
        "singular": fitted.is_singular,
        "units": ("fixed" if is_fixed else "random") if cells.has_unit else "none",
        "n": cells.answers,
        "means": {
            name: as_object({"mean": one.estimate, "se": one.se, "ci95": one.ci95})
            for name, one in means.items()
        },
    }


def _attrition(waves: tuple[str, ...], stayed: Stayed) -> dict[str, Any]:
    """Return who answered when, and per later wave the first scores of those who stayed and of those who left."""
    found: dict[str, Any] = {
        "patterns": [
            {"waves": list(answered), "people": people}
            for answered, people in named_patterns(stayed.patterns, waves).items()
        ]
    }
    for later, sides in stayed.sides.items():
        everybody: Sides = (NOBODY, NOBODY)
        for one, other in sides.values():
            everybody = (everybody[0] + one, everybody[1] + other)
        entry: dict[str, Any] = {"all": _row(attrition_of(*everybody))}
        if len(sides) > MOST_UNITS:
            entry |= as_object({"units": Absent(Why.MANY_UNITS)})
        elif set(sides) - {""}:
            entry["units"] = {unit: _row(attrition_of(*pair)) for unit, pair in sorted(sides.items())}
        found[f"{waves[0]}-{waves[later]}"] = entry
    return found


def _row(one: Attrition) -> dict[str, Any]:
    return as_object({each.name: getattr(one, each.name) for each in fields(one)})


def add_holm(instrument: Instrument, scales: Mapping[str, Any]) -> None:
    """Write beside each p what it is after Holm within its declared family.

    A family is the scales that carry the same ``family`` (all of them, where none is named) and one contrast. Where an
    instrument names ``primary`` scales, these alone were declared, and the others get no such p.
    """
    declares = any(scale.is_primary for scale in instrument.scales)
    families: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
    for scale in instrument.scales:
        for contrast, result in _tested(scales[scale.id]):
            if declares and not scale.is_primary:
                result.update(p_holm=None, why=_with_undeclared(result.get("why")))
                continue
            families.setdefault((scale.family, contrast), {})[scale.id] = result
    for members in families.values():
        there = {name: result["p"] for name, result in members.items() if result.get("p") is not None}
        adjusted = holm(there)
        for name, result in members.items():
            result["p_holm"] = adjusted.get(name)


def _with_undeclared(why: str | None) -> str:
    sentence = Absent(Why.NOT_DECLARED).sentence
    return sentence if why in {None, sentence} else f"{why} p_holm: {sentence}"


def _tested(result: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    change = result.get("change", {})
    for name, one in change.get("paired", {}).items():
        yield f"paired {name}", one
    for name, one in change.get("mixed", {}).get("fixed", {}).items():
        if name.startswith("wave "):
            yield f"mixed {name}", one
