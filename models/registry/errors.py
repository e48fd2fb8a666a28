"""What can be wrong with a model's files, each error with one line for the person who meets it."""

from functools import partial
from typing import Any


class RegistryError(Exception):
    """Something about a model's folder is not usable.

    Attributes:
        code: stable word for programs.
        message_en: one line in English.
        message_zh: the same line in Chinese.
    """

    code = "model_registry"

    def __init__(self, *, en: str, zh: str) -> None:
        super().__init__(en)
        self.message_en = en
        self.message_zh = zh

    def __reduce__(self) -> tuple[Any, ...]:
        # Keyword-only arguments do not pickle by themselves; these errors cross processes.
        return partial(type(self), en=self.message_en, zh=self.message_zh), ()


class ManifestError(RegistryError):
    """`manifest.json` is missing, is no JSON, or a field of it is missing, unknown or absurd."""

    code = "model_manifest"


class WeightsError(RegistryError):
    """The weights file is missing, or is not the file the manifest was written for."""

    code = "model_weights"


class UnknownModelError(RegistryError):
    """No model of this name is shipped or lies in the workspace."""

    code = "model_unknown"
