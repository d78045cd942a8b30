"""Settings, addresses, database routing and the two server callables."""
