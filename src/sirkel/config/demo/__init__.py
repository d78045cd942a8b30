"""The demo: five invented workplaces, filled in through the same verbs that people use."""
