"""Write docs/cases.md from the table of transitions: python docs/make_cases.py"""

from collections.abc import Iterable
from pathlib import Path

from zoubian.pipeline.domain.actors import ROLE_WORDS, Role
from zoubian.pipeline.domain.cases import CaseAction, CaseState, Condition, Transition
from zoubian.pipeline.domain.cases_table import TRANSITIONS
from zoubian.pipeline.domain.cases_words import (
    ACTION_WORDS,
    CONDITION_WORDS,
    DETAIL_WORDS,
    STATE_WORDS,
)

TARGET = Path(__file__).with_name("cases.md")

HEAD = """# A case, from registering to closing

Made by `python docs/make_cases.py` from the one table of transitions; do not edit.
A case is what its events say (`docs/ledger.md`): every row below is an action that leaves one
event, `case.<action>`. What a row does not allow is refused with a sentence in Chinese and
English and leaves no trace.

## Rules that no row can say

- A clear single unit has the case dispatched in the same step as it is registered (立案即派遣);
  with two proposed units or none it waits for the dispatcher. Who had earlier cases of the same two
  units near by is shown to the dispatcher.
- Photos after the work given at registering make it 当场整改: registered and closed in one step by
  the group itself, counted apart.
- An officer acts on the own unit's cases; an assisting unit may return photos and add notes;
  the office that leads a hard case may add its notes and promise.
- Nobody verifies the own work: not the person who returned the photos, not a member of the unit
  that has the case or assists, not the working group that returned them, in whichever round. An
  inspector rechecks on site only.
- A case keeps the deadline rule of the day it was registered; a corrected category brings the
  rule of that same day.
- An upheld appeal puts the return back to its recheck and takes nothing away: the sending back
  stays on record, and so does an overdue beside its exemption.
- What changes the state or the clock cannot have happened before the last such step, nor in the
  future. Sightings, notes and joined candidates may be told late: phones lose their line.
- Somebody who has not seen the last event is refused (`conflict`); urgings and sightings do not
  count as such. The same request sent twice is one event.
- Free texts (note, remaining problems, ground) stand beside the chain under a salted hash.

## The table
"""

COLUMNS = ("from → to", "action", "who", "needs", "may have", "only when", "not while")


def page() -> str:
    """The whole document."""
    rows = [COLUMNS, tuple("---" for _ in COLUMNS), *_rows()]
    return HEAD + "\n" + "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


def _rows() -> Iterable[tuple[str, ...]]:
    for action in CaseAction:
        moves: dict[tuple[object, ...], list[tuple[CaseState | None, Transition]]] = {}
        for (state, named), step in TRANSITIONS.items():
            if named is action:
                key = (step.roles, step.needs, step.may, step.when, step.unless)
                moves.setdefault(key, []).append((state, step))
        for steps in moves.values():
            yield _row(action, steps)


def _row(action: CaseAction, steps: list[tuple[CaseState | None, Transition]]) -> tuple[str, ...]:
    step = steps[0][1]
    action_zh, action_en = ACTION_WORDS[action]
    return (
        "<br>".join(_move(state, each.to) for state, each in steps),
        f"{action_zh} {action_en}<br>`{action.kind}`",
        ", ".join(ROLE_WORDS[role][1] for role in Role if role in step.roles),
        ", ".join(DETAIL_WORDS[name][1] for name in sorted(step.needs)),
        ", ".join(DETAIL_WORDS[name][1] for name in sorted(step.may)),
        _held(step.when),
        _held(step.unless),
    )


def _move(state: CaseState | None, to: CaseState) -> str:
    if state is to:
        return STATE_WORDS[to][1]
    return f"{'-' if state is None else STATE_WORDS[state][1]} → {STATE_WORDS[to][1]}"


def _held(conditions: frozenset[Condition]) -> str:
    return ", ".join(CONDITION_WORDS[condition][1] for condition in sorted(conditions))


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
