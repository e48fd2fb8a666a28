"""What all requests and answers have in common."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

Item = TypeVar("Item")

_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)


def plain(text: str) -> str:
    """Text that every database can hold.

    Raises:
        ValueError: it has a NUL or half a character.
    """
    if "\x00" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise ValueError("no text")
    return text


def _in_utc(at: datetime) -> datetime:
    try:
        moment = at.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("no time of ours") from error
    if not _EARLIEST <= moment <= _LATEST:
        raise ValueError("no time of ours")
    return moment


def _check_plain(value: Any) -> None:
    if isinstance(value, str):
        plain(value)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            _check_plain(key)
            _check_plain(inner)
    elif isinstance(value, Sequence) and not isinstance(value, bytes):
        for inner in value:
            _check_plain(inner)


Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Id = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[\x21-\x7e]+$")]
Text = Annotated[str, Field(min_length=1, max_length=4000), AfterValidator(plain)]
Name = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(plain)]

# A time as it comes in, with any zone, and as it goes out, in UTC with a Z.
Time = Annotated[AwareDatetime, AfterValidator(_in_utc)]


class Ask(BaseModel):
    """What a client sends; a field that nobody knows is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _only_plain_text(cls, given: Any) -> Any:
        _check_plain(given)
        return given


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
