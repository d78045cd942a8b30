"""Tables of the policy room."""

from sirkel.policy.models.recommendation import Clause, ClauseSupport, Recommendation

__all__ = ["Clause", "ClauseSupport", "Recommendation"]
