"""Whether microdata may leave: everybody alike at least k - 1 others in what others can know, and with different answers.

k-anonymity: Sweeney L. *k-anonymity: a model for protecting privacy.* International Journal of Uncertainty, Fuzziness and
Knowledge-Based Systems 2002;10:557-570. l-diversity, the distinct one: Machanavajjhala A et al. *l-diversity: privacy beyond
k-anonymity.* ACM TKDD 2007;1:3. Where persons have several rows, persons are counted, and two are alike only when all their
rows are: who answered in which waves is something that others can know.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

K = 5
L = 2


class TooFewAlikeError(ValueError):
    """Say in one line why microdata may not leave."""


@dataclass(frozen=True, slots=True)
class Anonymity:
    """The smallest class of people who are alike, and the fewest different answers that one class gives.

    ``alone`` counts the people in classes below the floor. ``fewest`` is None where nothing is to be kept diverse; ``of`` is
    the column it stands for.
    """

    k: int
    alone: int
    fewest: int | None
    of: str | None


def anonymity(
    frame: pl.DataFrame,
    known: Sequence[str],
    sensitive: Sequence[str],
    *,
    person: str | None = None,
    floor: int = K,
) -> Anonymity:
    """Return how well people hide among each other; empty cells count as a value of their own that others know.

    Args:
        frame: one row a person, or with ``person`` several.
        known: the columns that others can know.
        sensitive: those that nobody is to learn; empty cells are no answer.
        person: the column that says whose row it is.
        floor: below which a class counts as too small.

    """
    if frame.is_empty():
        return Anonymity(0, 0, None, None)
    what = [pl.col(one).cast(pl.String).fill_null("\0") for one in known] or [pl.lit("")]
    rows = frame.with_columns(pl.struct([one.alias(f"_{at}") for at, one in enumerate(what)]).alias("_seen"))
    if person is None:
        rows = rows.with_row_index("_who")
        classes = rows.select("_who", pl.col("_seen").struct.json_encode().alias("_class"))
    else:
        rows = rows.with_columns(pl.col(person).alias("_who"))
        told = pl.col("_seen").struct.json_encode()
        classes = rows.group_by("_who").agg(told.sort().str.join("\n").alias("_class"))
    sizes = classes.group_by("_class").len()
    k = min(sizes["len"].to_list())
    alone = int(sizes.filter(pl.col("len") < floor)["len"].sum())
    fewest, of = None, None
    if sensitive:
        joined = rows.join(classes, on="_who").with_columns(
            pl.col("_seen").struct.json_encode().alias("_row_seen")
        )
        counted = joined.group_by("_class", "_row_seen").agg(
            pl.col(one).drop_nulls().n_unique() for one in sensitive
        )
        least = {one: min(counted[one].to_list()) for one in sensitive}
        of = min(least, key=lambda one: least[one])
        fewest = least[of]
    return Anonymity(k, alone, fewest, of)


def must_hide(found: Anonymity, *, k: int = K, least: int = L) -> None:
    """Refuse what hides people too badly; the floors can be raised, never lowered.

    Raises:
        TooFewAlikeError: a class is too small, or gives too few different answers.
        ValueError: a floor is lower than the least.

    """
    if k < K or least < L:
        raise ValueError(f"the floors are k = {K} and l = {L} at the least")
    if found.k < k:
        raise TooFewAlikeError(
            f"{found.alone} people are alike fewer than {k - 1} others in what can be known of them (the smallest class has {found.k}); "
            "leave out a column or join its values"
        )
    if found.fewest is not None and found.fewest < least:
        raise TooFewAlikeError(
            f"all people of one class gave the same answer to {found.of}: who knows the class knows the answer; "
            "leave out a column or join its values"
        )
