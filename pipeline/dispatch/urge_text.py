"""The text of an urging, ready to paste into a messenger; long lists in several messages."""

from zoubian.pipeline.dispatch.urging import (
    LEVEL_WORDS,
    Level,
    UrgeSheet,
    due_in_words,
    history_in_words,
    state_in_words,
    when_in_words,
)


def urge_texts(sheet: UrgeSheet, *, longest: int) -> list[str]:
    """The messages for one unit; a case is never torn over two.

    Args:
        longest: characters of one message, headings not counted.
    """
    blocks: list[list[str]] = [[]]
    length = 0
    level: Level | None = None
    for number, case in enumerate(sheet.cases, start=1):
        lines = _case_lines(sheet, number)
        added = sum(map(len, lines))
        if blocks[-1] and length + added > longest:
            blocks.append([])
            length, level = 0, None
        if case.level is not level:
            level = case.level
            blocks[-1] += ["", f"◆{LEVEL_WORDS[level]}"]
        blocks[-1] += lines
        length += added
    parts = len(blocks)
    return [
        "\n".join([*_head(sheet, part, parts), *block, *_foot(sheet, last=part == parts)])
        for part, block in enumerate(blocks, start=1)
    ]


def _head(sheet: UrgeSheet, part: int, parts: int) -> list[str]:
    counts = "，".join(f"{LEVEL_WORDS[level]}{n}件" for level, n in sheet.counts().items())
    of = f"（{part}/{parts}）" if parts > 1 else ""
    return [
        f"【{sheet.title}】{sheet.unit_zh}{of}",
        f"截至{when_in_words(sheet.made_at)}，待整改案件{len(sheet.cases)}件：{counts}。",
    ]


def _foot(sheet: UrgeSheet, *, last: bool) -> list[str]:
    if not last:
        return []
    return ["", "请尽快整改并回传照片；确需延期、挂账或非本单位的，请及时在系统中提出。"] + [
        f"注：{remark}" for remark in sheet.remarks()
    ]


def _case_lines(sheet: UrgeSheet, number: int) -> list[str]:
    case = sheet.cases[number - 1]
    told = [f"应于{due_in_words(case)}前整改", state_in_words(case, sheet.made_at)]
    history = history_in_words(case)
    return [
        f"{number}. {case.number} {case.category_zh}",
        f"　{case.place_zh}",
        "　" + "，".join([*told, history] if history else told),
    ]
