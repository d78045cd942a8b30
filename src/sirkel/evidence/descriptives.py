"""What a list of numbers looks like: n, mean, spread, middle and shape.

Skew and kurtosis are of type 3 in Joanes DN, Gill CA. *Comparing measures of sample skewness and kurtosis.* The
Statistician 1998;47:183-189: the third and fourth central moments over powers of the sample's standard deviation
(denominator n - 1), as R's ``psych::describe`` gives them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sirkel.evidence.why import Absent, Number, Why


@dataclass(frozen=True, slots=True)
class Descriptives:
    """A list of numbers in seven. ``se`` is the standard error of the mean; a normal curve's kurtosis is 0."""

    n: int
    mean: Number
    sd: Number
    median: Number
    skew: Number
    kurtosis: Number
    se: Number


def describe(values: ArrayLike) -> Descriptives:
    """Return the descriptives of numbers; NaN is left out.

    Raises:
        ValueError: a value is infinite.

    """
    numbers = np.asarray(values, dtype=float).ravel()
    return describe_counted(*np.unique(numbers[~np.isnan(numbers)], return_counts=True))


def describe_counted(values: ArrayLike, counts: ArrayLike) -> Descriptives:
    """Return the descriptives of numbers of which each stands there so many times.

    Args:
        values: the numbers that occur, ascending, each once.
        counts: how often each does, at least once.

    Raises:
        ValueError: a value is infinite.

    """
    numbers, times = np.asarray(values, dtype=float), np.asarray(counts, dtype=np.int64)
    if np.isinf(numbers).any():
        raise ValueError("Every value is a finite number or missing")
    n = int(times.sum())
    if not n:
        none = Absent(Why.NO_ANSWERS)
        return Descriptives(0, none, none, none, none, none, none)
    upto = np.cumsum(times)
    middle = [float(numbers[np.searchsorted(upto, place, side="right")]) for place in ((n - 1) // 2, n // 2)]
    median = (middle[0] + middle[1]) / 2
    mean = float(numbers[0] + (times @ (numbers - numbers[0])) / n)
    if n == 1:
        one = Absent(Why.ONE_PERSON)
        return Descriptives(1, mean, one, median, one, one, one)
    if numbers.size == 1:
        same = Absent(Why.CONSTANT)
        return Descriptives(n, mean, 0.0, median, same, same, 0.0)
    away = numbers - mean
    sd = float((times @ away**2 / (n - 1)) ** 0.5)
    relative = away / sd
    skew, kurtosis = float(times @ relative**3) / n, float(times @ relative**4) / n - 3
    return Descriptives(n, mean, sd, median, skew, kurtosis, sd / n**0.5)


def mean_of(numbers: np.ndarray) -> float:
    """Return the mean of at least one number, taken around the first so that large ones lose no digits."""
    first = float(numbers[0])
    return first + float((numbers - first).mean())


def sd_of(numbers: np.ndarray) -> float:
    """Return the standard deviation (denominator n - 1) of at least two numbers, exactly 0 when they are alike."""
    away = numbers - numbers[0]
    return float(away.std(ddof=1)) if away.any() else 0.0
