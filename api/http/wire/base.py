"""What all requests and answers have in common."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Generic, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

Item = TypeVar("Item")

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Id = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[\x21-\x7e]+$")]
Text = Annotated[str, Field(min_length=1, max_length=4000)]
Name = Annotated[str, Field(min_length=1, max_length=300)]


def _in_utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


# A time as it comes in, with any zone, and as it goes out, in UTC with a Z.
Time = Annotated[AwareDatetime, AfterValidator(_in_utc)]


class Ask(BaseModel):
    """What a client sends; a field that nobody knows is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Answer(BaseModel):
    """What a client gets; made of values that have fields of these names."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class Listed(Answer, Generic[Item]):
    """One page of a list; `next` asks for the one after it, null where this is the last."""

    items: Sequence[Item]
    next: str | None = None


class Done(Answer):
    """It was done, and there is nothing to tell."""

    done: bool = True
