"""Sirkel: learning circles for health and care workplaces, and the evidence that grows out of them."""

__version__ = "0.1.0"
