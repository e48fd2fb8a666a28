"""What a person may not do, said in one sentence in both languages."""


class Refusal(Exception):
    """An action that the rules do not allow; nothing was written.

    Attributes:
        code: stable word for programs (`wrong_state`, `role`, `conflict`, ...).
        message_zh: one sentence in Chinese.
        message_en: the same sentence in English.
    """

    def __init__(self, code: str, *, zh: str, en: str) -> None:
        super().__init__(en)
        self.code = code
        self.message_zh = zh
        self.message_en = en
