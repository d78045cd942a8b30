"""What the answers to k items say, as far as means, covariances and everything made from them ask.

Counts, sums and cross products of the complete sheets (*listwise*) and of each pair of items (*pairwise*). They add
up: the moments of two workplaces together are those of one plus those of the other, so that a nation is computed
like a ward. Answers are taken relative to a shift near their mean, as Welford BP. *Note on a method for calculating
corrected sums of squares and products.* Technometrics 1962;4:419-420 advises; whole numbers then add up without
any rounding at all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]
# Rows taken at a time: a block of 25 items stays in the processor's cache.
CHUNK = 8_192


@dataclass(frozen=True, eq=False)
class Moments:
    """Sufficient statistics of k items.

    Attributes:
        items: their names.
        shift: what was taken off every answer of an item (k).
        rows: answer sheets, with gaps or without.
        complete: sheets without a gap.
        complete_sums: sums of their shifted answers (k).
        complete_products: cross products of their shifted answers (k x k).
        counts: sheets on which both items are answered; how often each is, on the diagonal (k x k).
        sums: at (i, j), the sum of item i's shifted answers where j is answered too (k x k).
        products: sums of the products of both items' shifted answers where both are answered (k x k).

    """

    items: tuple[str, ...]
    shift: Numbers
    rows: int
    complete: int
    complete_sums: Numbers
    complete_products: Numbers
    counts: Numbers
    sums: Numbers
    products: Numbers

    @classmethod
    def empty(cls, items: Sequence[str], shift: ArrayLike | None = None) -> "Moments":
        """Return the moments of no sheet at all."""
        many = len(items)
        square = np.zeros((many, many))
        start = np.zeros(many) if shift is None else np.asarray(shift, dtype=float)
        return cls(tuple(items), start, 0, 0, np.zeros(many), square, square, square, square)

    @classmethod
    def from_rows(cls, rows: ArrayLike, items: Sequence[str], *, shift: ArrayLike | None = None) -> "Moments":
        """Gather the moments of answer sheets.

        Args:
            rows: one sheet a row, one item a column, NaN for a missing answer (rows x k).
            items: the items' names (k).
            shift: what to take off (k); None for whole numbers near the means of the first rows.

        Raises:
            ValueError: the columns are not as many as the names, or an answer is infinite.

        """
        table = np.asarray(rows)
        if table.ndim != 2 or table.shape[1] != len(items):  # noqa: PLR2004 -- a table has rows and columns
            raise ValueError("There must be one column for each item")
        return cls.from_chunks(
            (table[first : first + CHUNK] for first in range(0, len(table), CHUNK)), items, shift=shift
        )

    @classmethod
    def from_chunks(
        cls, chunks: Iterable[ArrayLike], items: Sequence[str], *, shift: ArrayLike | None = None
    ) -> "Moments":
        """Gather the moments of sheets that come in pieces, each as ``from_rows`` takes them."""
        many = len(items)
        held = np.full(many, np.nan) if shift is None else np.array(shift, dtype=float)
        rows = 0
        # One product gives the sums over all answers and over each two, another those over the whole sheets: here is
        # what was answered (0 where nothing was) above whether it was; there, of whole sheets, above whether whole.
        pairs, sheets = np.zeros((2 * many, 2 * many)), np.zeros((many + 1, many + 1))
        here, whole = np.empty((2 * many, 0)), np.empty((many + 1, 0))
        for chunk in chunks:
            given = np.asarray(chunk, dtype=float).T
            unseen = np.isnan(held)
            if unseen.any():
                held[unseen] = _near_means(_finite(given[unseen]))
            if given.shape[1] != here.shape[1]:
                here, whole = (np.empty((len(part), given.shape[1])) for part in (here, whole))
            block = np.subtract(given, held[:, None], out=here[:many])
            is_there = block == block  # noqa: PLR0124 -- only what is missing differs from itself
            here[many:], whole[many] = is_there, is_there.all(axis=0)
            block[~is_there] = 0.0
            _finite(block)
            np.multiply(block, whole[many], out=whole[:many])
            rows += given.shape[1]
            pairs += here @ here.T
            sheets += whole @ whole.T
        products, sums, counts = pairs[:many, :many], pairs[:many, many:], pairs[many:, many:]
        complete_sums, complete_products = sheets[:many, many], sheets[:many, :many]
        complete = int(sheets[many, many])
        start = np.nan_to_num(held)
        return cls(
            tuple(items), start, rows, complete, complete_sums, complete_products, counts, sums, products
        )

    def shifted(self, shift: Numbers) -> "Moments":
        """Return the same moments relative to another shift (k)."""
        if np.array_equal(shift, self.shift):
            return self
        step = self.shift - shift
        crossed = self.complete_sums[:, None] * step
        complete_products = self.complete_products + crossed + crossed.T
        complete_products = complete_products + self.complete * np.outer(step, step)
        sums = self.sums + self.counts * step[:, None]
        across = self.sums * step
        products = self.products + across + across.T + self.counts * np.outer(step, step)
        complete_sums = self.complete_sums + self.complete * step
        return Moments(
            self.items,
            shift,
            self.rows,
            self.complete,
            complete_sums,
            complete_products,
            self.counts,
            sums,
            products,
        )

    def __add__(self, other: "Moments") -> "Moments":
        """Return the moments of both together.

        Raises:
            ValueError: they are of other items.

        """
        if self.items != other.items:
            raise ValueError("Only the same items add up")
        shift = np.where(np.diag(self.counts) > 0, self.shift, other.shift)
        mine, more = self.shifted(shift), other.shifted(shift)
        return Moments(
            self.items,
            shift,
            mine.rows + more.rows,
            mine.complete + more.complete,
            mine.complete_sums + more.complete_sums,
            mine.complete_products + more.complete_products,
            mine.counts + more.counts,
            mine.sums + more.sums,
            mine.products + more.products,
        )

    def reversed(self, items: Iterable[str], total: float) -> "Moments":
        """Return the moments after ``x`` became ``total - x`` in some items; total is the scale's lowest + highest.

        Raises:
            ValueError: an item is not among these.

        """
        turned = set(items)
        if not turned <= set(self.items):
            raise ValueError(f"No such items: {', '.join(sorted(turned - set(self.items)))}")
        sign = np.array([-1.0 if item in turned else 1.0 for item in self.items])
        both = np.outer(sign, sign)
        return Moments(
            self.items,
            np.where(sign < 0, total - self.shift, self.shift),
            self.rows,
            self.complete,
            self.complete_sums * sign,
            self.complete_products * both,
            self.counts,
            self.sums * sign[:, None],
            self.products * both,
        )

    def means(self) -> Numbers:
        """Return the items' means on the complete sheets (k); there must be at least one."""
        return np.asarray((self.shift * self.complete + self.complete_sums) / self.complete, dtype=float)

    def covariance(self) -> Numbers:
        """Return the items' covariances on the complete sheets, denominator n - 1 (k x k); n must be at least 2."""
        n = np.full_like(self.counts, self.complete)
        return _covariance(n, self.complete_sums[:, None] * self.complete_sums, self.complete_products)

    def pairwise_covariance(self) -> Numbers:
        """Return each pair's covariance on the sheets that answer both (k x k); each needs at least 2.

        Each pair has its own n, means and products, as R's ``cov(use = "pairwise")``.
        """
        return _covariance(self.counts, self.sums * self.sums.T, self.products)


def _covariance(n: Numbers, crossed: Numbers, products: Numbers) -> Numbers:
    """Return (n * products - crossed) / (n * (n - 1)), exact in whole numbers whatever was taken off.

    What is left of a constant item's rounding is set to nothing.
    """
    left = n * products - crossed
    constant = np.diag(left) <= 1e-13 * np.diag(n * products)  # some hundred times the last digit
    left[constant] = 0.0
    left[:, constant] = 0.0
    return np.asarray(left / (n * (n - 1)), dtype=float)


def _finite(block: Numbers) -> Numbers:
    """Return answers, after refusing infinite ones."""
    if np.isinf(block).any():
        raise ValueError("Every answer is a finite number or missing")
    return block


def _near_means(block: Numbers) -> Numbers:
    """Return a number near each item's mean (k), a whole one where the answers are whole; NaN without answers."""
    there = ~np.isnan(block)
    filled = np.where(there, block, 0.0)
    means = filled.sum(axis=1) / np.maximum(there.sum(axis=1), 1)
    near = np.where((filled % 1 == 0).all(axis=1), np.rint(means), means)
    near[~there.any(axis=1)] = np.nan
    return near
