"""Real sign-in services for tests: a strict one in Node.js, and one that can be made to answer wrongly."""
