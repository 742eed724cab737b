"""Run every benchmark and print a line for each."""

from benchmarks import capture, draft

for benchmark in (capture, draft):
    print(benchmark.run().line(), flush=True)
