"""Benchmarks: one program per file, run by `./sirkel bench NAME`; what they share is in `bench.common`."""
