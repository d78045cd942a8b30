"""A real sign-in service for tests that can be made to answer wrongly."""
