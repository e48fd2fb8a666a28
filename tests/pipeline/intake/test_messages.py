"""Every message says the same in both languages, in one line."""

import re
from string import Formatter

import pytest

from zoubian.pipeline.intake import messages


@pytest.mark.parametrize("code", sorted(messages._TEXTS))
def test_both_languages_name_the_same_facts_in_one_line(code: str) -> None:
    zh, en = messages._TEXTS[code]
    fields = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in (zh, en)]
    assert fields[0] == fields[1]
    assert "path" not in fields[0]
    assert re.search(r"[\u4e00-\u9fff]", zh) and not re.search(r"[\u4e00-\u9fff]", en)
    filled = messages.message(code, **dict.fromkeys(fields[0], 7))
    assert "\n" not in filled.zh + filled.en
    assert not {"{", "}"} & set(filled.zh + filled.en)
