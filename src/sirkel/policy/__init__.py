"""Recommendations, the thread beneath them, consultation and guides."""
