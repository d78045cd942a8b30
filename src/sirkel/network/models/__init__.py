"""Tables of the network room."""

from sirkel.network.models.card import ExperienceCard

__all__ = ["ExperienceCard"]
