"""Lets the tests import `benchmarks/`: the matching rule and the simulated drives stand there."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks"))
