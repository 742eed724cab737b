"""Benchmarks: each measures against its floor, both sides interleaved in one run. Run them with `make bench`."""
