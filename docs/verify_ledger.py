"""Verify an exported ledger with Python alone: python verify_ledger.py FILE [NUMBER:HASH ...]"""

import hashlib
import json
import sys
from collections.abc import Iterator


def faults(path: str, noted: dict[int, str]) -> Iterator[str]:
    """One line for each fault; `noted` maps an event's number to the hash that was kept of it."""
    number, previous = 0, "0" * 64
    with open(path, "rb") as lines:
        head = json.loads(next(lines))["head"]
        for number, line in enumerate(lines, start=1):
            text = line.removesuffix(b"\n")
            try:
                event = json.loads(text)
                follows = (event["number"], event["previous_hash"]) == (number, previous)
            except (ValueError, TypeError, KeyError):
                follows = False
            if not follows:
                yield f"event {number} does not continue what stands before it"
            previous = hashlib.sha256(text).hexdigest()
            if noted.pop(number, previous) != previous:
                yield f"event {number} has another hash than was noted"
    if head != f"{number}:{previous}":
        yield f"the file ends with {number}:{previous}, its first line promises {head}"
    yield from (f"event {missing} was noted and is not there" for missing in noted)


if __name__ == "__main__":
    pairs = (pair.split(":") for pair in sys.argv[2:])
    found = list(faults(sys.argv[1], {int(number): hash_ for number, hash_ in pairs}))
    sys.stdout.write("\n".join(found or ["the chain is whole"]) + "\n")
    sys.exit(1 if found else 0)
