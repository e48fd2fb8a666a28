"""What can keep a training or a release from starting, each with one line in both languages."""


class TrainingError(Exception):
    """Something that the person who starts a training can mend.

    Attributes:
        message_en: one line in English.
        message_zh: the same line in Chinese.
    """

    def __init__(self, *, en: str, zh: str) -> None:
        super().__init__(en)
        self.message_en = en
        self.message_zh = zh


class RecipeError(TrainingError):
    """The recipe file is not one we can train from; the message says which field and why."""


class MissingDataError(TrainingError):
    """A part of the data set is not there."""
