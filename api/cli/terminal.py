"""What the command line says, in Chinese and English, and where it says it.

Results go to standard output (a table, or one JSON document); everything else to standard error.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

Language = Literal["zh", "en"]

EXIT_DONE = 0
EXIT_SOME_FAILED = 1
EXIT_WRONG_USE = 2
EXIT_NOTHING_DONE = 3

TEXTS: dict[str, tuple[str, str]] = {
    "stopped": (
        "已停止；已完成的部分保留，重新运行即可继续",
        "stopped; what is done is kept, run again to go on",
    ),
    "internal_error": (
        "内部错误（{kind}）；请加 --debug 重试并把输出交给维护人员",
        "internal error ({kind}); run again with --debug and pass the output to the maintainers",
    ),
    "train_missing": (
        "训练部分没有安装；请运行 pip install 'zoubian[train]'（需数 GB 空间）",
        "the training half is not installed; run pip install 'zoubian[train]' (several GB)",
    ),
    "data_missing": ("{path}：没有这个文件", "{path}: no such file"),
    "analysing": ("分析照片和视频", "analysing photos and footage"),
    "scan_summary": (
        "照片和视频 {media} 个，疑似问题 {candidates} 处，无法使用的文件 {problems} 个，"
        "用时 {seconds:.1f} 秒",
        "{media} photos and videos, {candidates} candidates, {problems} files that could not be "
        "used, {seconds:.1f} s",
    ),
    "report_written": ("报告：{path}", "report: {path}"),
    "no_candidates": ("没有发现疑似问题", "no candidates found"),
    "no_suggestion": ("没有发现问题", "no problem found"),
    "problem": ("无法使用：{path}：{message}", "not usable: {path}: {message}"),
    "note": ("说明：{path}：{message}", "note: {path}: {message}"),
    "notes": (
        "说明：{path} 等 {count} 个文件：{message}",
        "note: {path} and {more} more: {message}",
    ),
    "unproven": ("未经实拍验证", "unproven"),
    "promoted": ("工作区默认模型：{name}", "default model of the workspace: {name}"),
    "trained": ("训练完成：{path}", "trained: {path}"),
    "org_problem": ("错误：{path}：{message}", "error: {path}: {message}"),
    "org_refused": (
        "共 {count} 处错误，全部没有导入；请改正后重新导入",
        "{count} errors: nothing was loaded; correct them and load again",
    ),
    "org_change": ("{effect}：{name}：{cells}", "{effect}: {name}: {cells}"),
    "org_more": (
        "另有 {count} 处变更未逐条显示，--json 列出全部",
        "{count} more changes are not shown; --json lists all",
    ),
    "org_dry_run": (
        "试运行：没有写入；正式导入后自 {day} 起生效",
        "dry run: nothing was written; loaded, it counts from {day}",
    ),
    "org_loaded": ("已导入，自 {day} 起生效", "loaded; it counts from {day}"),
    "org_unchanged": ("没有变化，未写入", "nothing changes; nothing was written"),
    "org_example": ("示例（虚构）：{path}", "example (invented): {path}"),
    "template_written": ("模板：{path}", "template: {path}"),
    "checking": ("核对记录", "checking events"),
    "ledger_whole": (
        "记录链完整：共 {count} 条，末条 {head}",
        "the chain is whole: {count} events, head {head}",
    ),
    "ledger_noted": (
        "与外部留存的 {noted} 个末条校验值一致",
        "it agrees with the {noted} heads that were noted outside",
    ),
    "ledger_unnoted": (
        "没有外部留存的末条校验值可比：整链重写或末尾删除无法发现，请用 --against",
        "nothing noted outside to compare with: a re-written chain or a cut end would not show; "
        "use --against",
    ),
    "ledger_faulty": (
        "发现 {count} 处问题，列出前 {named} 处",
        "{count} faults found, the first {named} are listed",
    ),
    "ledger_exported": (
        "已导出 {count} 条记录到 {path}，末条 {head}",
        "{count} events written to {path}, head {head}",
    ),
    "one_time_code": (
        "{user} 的一次性口令：{code}（{hours:g} 小时内有效，登录时用它设置密码）",
        "one-time code of {user}: {code} (valid for {hours:g} h; set the password with it)",
    ),
    "user": ("用户", "user"),
    "account_state": ("状态", "state"),
    "active": ("可登录", "active"),
    "disabled": ("已停用", "disabled"),
    "no_password": ("未设密码", "no password yet"),
    "event": ("记录", "event"),
    "fault": ("问题", "fault"),
    "sheet": ("表", "sheet"),
    "added": ("新增", "added"),
    "changed": ("变更", "changed"),
    "ended": ("停用", "ended"),
    "unchanged": ("不变", "unchanged"),
    "condition": ("立案条件", "filing condition"),
    "deadline": ("时限", "deadline"),
    "warning": ("预警提前", "warning"),
    "supervision": ("超期转督办", "supervised after"),
    "rework": ("返工时限", "rework"),
    "rule_of": ("依据城市", "city"),
    "example_of": ("{city}（他市示例）", "{city} (another city's example)"),
    "unknown_category": ("没有名为“{name}”的问题类别", "there is no category {name!r}"),
    "no_deadlines": ("没有规定时限", "no deadline is laid down"),
    "day": ("日期", "day"),
    "worked": ("上班", "worked"),
    "name": ("名称", "name"),
    "on": ("上班", "worked"),
    "off": ("休息", "off"),
    "year_provisional": (
        "{year} 年的节假日安排尚未公布，暂按平常的周末和平日计算（暂定）",
        "the holidays of {year} are not announced: plain weekdays are taken, provisionally",
    ),
    "counting_due": ("重算到期时间", "counting due times"),
    "due_refreshed": (
        "未结案件 {cases} 件，其中 {moved} 件的到期时间有变",
        "{cases} open cases, {moved} of them got other due times",
    ),
    "rule_changed": (
        "时限变更：{name}：{before} → {after}",
        "changed: {name}: {before} -> {after}",
    ),
    "rules_counted": (
        "立案条件：新增 {new}，变更 {changed}，不变 {unchanged}；文件中没有而保持不变 {left_out}",
        "filing conditions: {new} new, {changed} changed, {unchanged} unchanged; "
        "{left_out} not in the file stay as they are",
    ),
    "days_counted": (
        "日历：新增或变更 {days} 天，新公布的年份：{years}",
        "calendar: {days} days new or changed, years now announced: {years}",
    ),
    "example_rules": (
        "其中有他市示例：仅供参考，请改为本市规定",
        "some are another city's examples: replace them by your own rules",
    ),
    "deadlines_dry_run": ("试运行，未写入", "dry run: nothing was written"),
    "deadlines_loaded": (
        "已导入；已立案的案件仍按立案时的规定",
        "loaded; cases keep the rules that they were registered under",
    ),
    "urging": ("生成催办材料", "writing to the units"),
    "nothing_to_urge": ("没有临期或超期案件", "nothing is due or overdue"),
    "unit": ("责任单位", "unit"),
    "supervise": ("督办", "supervise"),
    "overdue": ("超期", "overdue"),
    "soon": ("即将到期", "due soon"),
    "files": ("文件", "files"),
    "urge_written": ("催办材料：{path}", "written to {path}"),
    "urge_logged": ("台账已记录催办 {count} 件", "the ledger notes {count} urgings"),
    "urge_not_logged": ("试运行，未记入台账", "dry run: not noted in the ledger"),
    "urge_refused": ("未记录：{number}：{message}", "not noted: {number}: {message}"),
    "no_font_no_picture": (
        "没有中文字体，未生成长图；请安装 fonts-noto-cjk 或 fonts-wqy-zenhei",
        "no Chinese font, so no pictures; install fonts-noto-cjk or fonts-wqy-zenhei",
    ),
    "number": ("编号", "number"),
    "finding": ("疑似问题", "finding"),
    "members": ("所见", "seen"),
    "precision": ("实测准确率", "measured precision"),
    "place": ("位置", "place"),
    "when": ("时间", "time"),
    "frames": ("画面", "frames"),
    "class": ("类别", "class"),
    "recall": ("召回率", "recall"),
    "threshold": ("阈值", "threshold"),
    "boxes": ("标注框", "boxes"),
    "mean": ("平均", "mean"),
    "model": ("模型", "model"),
    "version": ("版本", "version"),
    "input": ("输入", "input"),
    "default": ("默认", "default"),
    "check": ("检查", "check"),
    "result": ("结果", "result"),
    "what": ("情况", "details"),
    "cert_and_key": (
        "--cert 与 --key 须同时给出",
        "--cert and --key have to be given together",
    ),
    "serve_at": ("服务地址：{address}", "the service: {address}"),
    "serve_install": (
        "手机首次使用，请先打开 {address} 安装证书",
        "phones open {address} first, to install the certificate",
    ),
    "serve_fingerprint": (
        "证书机构指纹（SHA-256）：{fingerprint}",
        "fingerprint of the authority (SHA-256): {fingerprint}",
    ),
    "serve_left_out": (
        "证书不含 {name}：本机证书机构无权签发；确需使用，请删除 {folder} 重新生成"
        "（手机须重新安装证书）",
        "the certificate is not for {name}: the authority may not sign for it; if it is needed, "
        "remove {folder} to have a new one made (phones have to install it again)",
    ),
    "serve_no_account": (
        "还没有账号，无法登录；请运行 zoubian user add 用户名 --admin --workspace {workspace}",
        "there is no account yet; run zoubian user add NAME --admin --workspace {workspace}",
    ),
    "serve_stopped": ("服务已停止", "the service has stopped"),
    "figure": ("指标", "figure"),
    "value": ("数值", "value"),
}


class Told(Protocol):
    """A problem or note: where, and one line in each language."""

    @property
    def path(self) -> object: ...
    @property
    def message_zh(self) -> str: ...
    @property
    def message_en(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where a command prints, and in which language."""

    lang: Language
    debug: bool

    def text(self, key: str, **fields: Any) -> str:
        """The words for `key`, filled in."""
        zh, en = TEXTS[key]
        return (zh if self.lang == "zh" else en).format(**fields)

    def say(self, key: str, **fields: Any) -> None:
        """One line of words for people, on standard error."""
        self.line(self.text(key, **fields))

    def line(self, line: str) -> None:
        """One line on standard error, as it is."""
        sys.stderr.write(" ".join(line.split("\n")) + "\n")

    def remark(self, key: str, told: Told) -> None:
        """One line for a problem or note."""
        message = told.message_zh if self.lang == "zh" else told.message_en
        self.say(key, path=told.path, message=message)

    def document(self, document: Any) -> None:
        """One JSON document on standard output."""
        json.dump(document, sys.stdout, ensure_ascii=False, indent=2, allow_nan=False)
        sys.stdout.write("\n")

    def table(self, *headings: str) -> "TablePrinter":
        """A table to fill and print; headings are keys of TEXTS."""
        return TablePrinter([self.text(key) for key in headings])

    @contextmanager
    def progress(self, key: str) -> Iterator["ProgressBar"]:
        """A progress bar on standard error; nothing where that is no terminal."""
        console = Console(stderr=True)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[item]}"),
        )
        with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
            yield ProgressBar(bar, bar.add_task(self.text(key), total=None, item=""))


class ProgressBar:
    """Counts of one long command."""

    def __init__(self, bar: Progress, task: Any) -> None:
        self._bar = bar
        self._task = task

    def show(self, done: int, total: int, item: str) -> None:
        """Say how far the command is and what it is at."""
        self._bar.update(self._task, completed=done, total=total, item=item)


class TablePrinter:
    """Rows under headings, printed at the end."""

    def __init__(self, headings: list[str]) -> None:
        from rich.table import Table

        self._table = Table(header_style="bold")
        for heading in headings:
            self._table.add_column(heading, overflow="fold")

    def row(self, *cells: str) -> None:
        """Add one row; cells are plain text."""
        from rich.text import Text

        self._table.add_row(*(Text(cell) for cell in cells))

    def print(self) -> None:
        """Write the table to standard output, 120 columns wide where that is no terminal."""
        console = Console(file=sys.stdout)
        if not console.is_terminal:
            console = Console(file=sys.stdout, width=120)
        console.print(self._table)
