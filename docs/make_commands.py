"""Write docs/commands.md from the commands' own help: python docs/make_commands.py"""

from pathlib import Path

import click

from zoubian.api.cli.main import cli

SETTINGS = cli.context_settings  # as the commands are really called: a command keeps its first help
TARGET = Path(__file__).with_name("commands.md")

HEAD = """# Commands

Made by `python docs/make_commands.py` from the commands' own help; do not edit.

`zoubian --lang en` (or `ZOUBIAN_LANGUAGE=en`) speaks English, the default is Chinese. Results go to
standard output, with `--json` as one JSON document; everything else to standard error.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | some inputs failed: each has a line, the rest is done and kept |
| 2 | wrong use |
| 3 | nothing could be done |
| 130 | stopped; run again to go on |
"""


def chapters(group: click.Group, prefix: str) -> list[str]:
    """One chapter a command: its name and its help."""
    found = []
    for name, command in sorted(group.commands.items()):
        full = f"{prefix} {name}"
        if isinstance(command, click.Group):
            found += chapters(command, full)
            continue
        context = click.Context(
            command, info_name=full, max_content_width=96, terminal_width=96, **SETTINGS
        )
        found.append(f"## `{full}`\n\n```text\n{command.get_help(context)}\n```\n")
    return found


def page() -> str:
    """The whole document."""
    return "\n".join([HEAD, *chapters(cli, "zoubian")])


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
