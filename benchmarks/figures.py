"""A measured figure beside the bar it has to reach, and the table that shows them."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement; `bar` is the least (or, with `at_most`, the greatest) value that will do."""

    name: str
    value: float | None
    bar: float | None
    at_most: bool = False
    remark: str = ""

    @property
    def holds(self) -> bool | None:
        """Whether the bar is reached; None where there is no bar. Not measured is not reached."""
        if self.bar is None:
            return None
        if self.value is None:
            return False
        return self.value <= self.bar if self.at_most else self.value >= self.bar


def tell(figures: Sequence[Figure], *, as_json: bool) -> int:
    """Print the figures and return the exit status: 0 when every bar is reached."""
    if as_json:
        rows = [{**asdict(figure), "holds": figure.holds} for figure in figures]
        sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
    else:
        table = Table("figure", "measured", "bar", "holds", "remark")
        for figure in figures:
            sign = "<=" if figure.at_most else ">="
            table.add_row(
                figure.name,
                "not measured" if figure.value is None else f"{figure.value:.4g}",
                "" if figure.bar is None else f"{sign} {figure.bar:g}",
                {True: "yes", False: "NO", None: ""}[figure.holds],
                figure.remark,
            )
        Console(width=140).print(table)
    return 0 if all(figure.holds is not False for figure in figures) else 1
