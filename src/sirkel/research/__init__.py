"""Studies, consent, waves, answers and data sets."""
