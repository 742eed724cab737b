"""Run every benchmark and print a line for each."""

from benchmarks import capture, draft

for benchmark in (capture, draft):
    for result in benchmark.run():
        print(result.line(), flush=True)
