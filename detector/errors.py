"""What can go wrong between a manifest and its first detection."""

from functools import partial
from typing import Any


class DetectorError(Exception):
    """The detector cannot be used like this.

    Attributes:
        code: stable word for programs.
        message_en: one line in English.
        message_zh: the same line in Chinese.
    """

    code = "detector"

    def __init__(self, *, en: str, zh: str) -> None:
        super().__init__(en)
        self.message_en = en
        self.message_zh = zh

    def __reduce__(self) -> tuple[Any, ...]:
        # Keyword-only arguments do not pickle by themselves; these errors cross processes.
        return partial(type(self), en=self.message_en, zh=self.message_zh), ()


class MissingRuntimeError(DetectorError):
    """The runtime asked for is not installed here."""

    code = "runtime_missing"


class ModelShapeError(DetectorError):
    """The weights do not take or give the shapes that their manifest tells."""

    code = "model_shape"
