"""The command `zoubian`: its verbs, and the one place where errors become lines and exit codes."""

import logging
import sys
from pathlib import Path

import click
from pydantic import ValidationError

from zoubian.api.cli import (
    bench,
    deadlines,
    doctor,
    evaluate,
    ledger,
    models,
    org,
    scan,
    serve,
    suggest,
    train,
    urge,
    user,
)
from zoubian.api.cli.terminal import EXIT_NOTHING_DONE, EXIT_WRONG_USE, Language, Terminal
from zoubian.detector.errors import MissingRuntimeError
from zoubian.models.registry.errors import UnknownModelError
from zoubian.pipeline.ledger.heads import HeadError

logger = logging.getLogger(__name__)

# What a user can mend by calling the command otherwise; other errors mean that nothing was done.
WRONG_USE = (UnknownModelError, MissingRuntimeError, HeadError)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="zoubian")
@click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    envvar="ZOUBIAN_LANGUAGE",
    default="zh",
    show_default=True,
    help="Language of what is printed.",
)
@click.option("--debug", is_flag=True, help="Show the log, and tracebacks of internal errors.")
@click.pass_context
def cli(context: click.Context, lang: Language, debug: bool) -> None:
    """走遍 Zoubian: patrol photos in, candidate cases out."""
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.INFO if debug else logging.ERROR,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
    context.obj = Terminal(lang=lang, debug=debug)


for command in (
    scan.scan,
    suggest.suggest,
    evaluate.evaluate,
    deadlines.deadlines,
    urge.urge,
    ledger.ledger,
    bench.bench,
    doctor.doctor,
    models.models,
    org.org,
    serve.serve,
    train.train,
    user.user,
):
    cli.add_command(command)


def main() -> None:
    """Run the command line; every error leaves as one line and an exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run with `arguments` and return the exit code: 0 done, 1 some inputs failed, 2 wrong use,
    3 nothing could be done, 130 stopped by the user."""
    debug = "--debug" in arguments
    lang: Language = "en" if "en" in arguments[:3] else "zh"
    try:
        outcome = cli.main(args=arguments, prog_name="zoubian", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return EXIT_WRONG_USE
    except (click.Abort, KeyboardInterrupt):
        Terminal(lang=lang, debug=debug).say("stopped")
        return 130
    except Exception as error:
        return _tell(error, Terminal(lang=lang, debug=debug))
    return outcome if isinstance(outcome, int) else 0


def _tell(error: Exception, terminal: Terminal) -> int:
    """One line for an error; those of our own rooms carry it in both languages."""
    line = getattr(error, f"message_{terminal.lang}", None)
    if line is not None:
        terminal.line(line)
        return EXIT_WRONG_USE if isinstance(error, WRONG_USE) else EXIT_NOTHING_DONE
    if isinstance(error, ValidationError):
        for fault in error.errors():
            setting = "_".join(["ZOUBIAN", *(str(part).upper() for part in fault["loc"])])
            terminal.line(f"{setting}: {fault['msg']}")
        return EXIT_WRONG_USE
    if terminal.debug:
        logger.exception("internal error")
    terminal.say("internal_error", kind=type(error).__name__, folder=str(Path.cwd()))
    return EXIT_NOTHING_DONE
