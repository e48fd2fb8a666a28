"""What the doctor says about one thing."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Check:
    """One finding of the doctor: what is, and what to do about it."""

    name: str
    state: State
    message_zh: str
    message_en: str
