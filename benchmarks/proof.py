"""`make proof`: every long measurement in one table, each figure beside its bar.

    python benchmarks/proof.py [--json] [name ...]

Names are the modules of this folder: those of MEASUREMENTS below.
"""

import argparse
import importlib
import sys

from figures import tell

MEASUREMENTS = (
    "evaluation",
    "suggestions",
    "scanning",
    "patrols",
    "organisation",
    "due",
    "ledger",
    "footage",
    "footage_long",
    "speed",
)


def main() -> int:
    """Measure what is named, else everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(MEASUREMENTS)
    if unknown:
        parser.error(f"no such measurement: {', '.join(sorted(unknown))}")
    figures = []
    for name in arguments.names or MEASUREMENTS:
        sys.stderr.write(f"measuring {name}\n")
        figures += importlib.import_module(name).measure()
    return tell(figures, as_json=arguments.json)


if __name__ == "__main__":
    sys.exit(main())
