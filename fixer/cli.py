"""The command line: what the commands and their options are called. What they do is in `fixer.commands`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import click

from fixer import __version__
from fixer.commands.console import Console
from fixer.commands.guard import guarded
from fixer.commands.session import Options, Session, rules_are_whole
from fixer.editor.positions import Encoding
from fixer.reports import Format

Decorator = Callable[[Any], Any]
Body = Callable[..., int]

_EPILOG = "Exit codes: 0 nothing to report, 1 findings, 2 something could not be done."


class _Commands(click.Group):
    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(self.commands)  # as they are used, not by the alphabet


@click.group(
    cls=_Commands,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(__version__, "--version", "-V", message="fixer %(version)s", help="Show the version.")
def app() -> None:
    """Finds silent bugs in PyTorch training code, rewrites the code, and proves each mend by running it.

    \b
    fixer check train.py             what is wrong
    fixer fix train.py               how it would be mended, as a diff
    fixer fix --apply train.py       mend it
    fixer verify train.py            run it before and after: does it train better?
    """


def _one_of(literal: Any) -> click.Choice[str]:
    return click.Choice(get_args(literal))


def _flag(*names: str, help: str) -> Decorator:
    return click.option(*names, is_flag=True, help=help)


_COMMON: dict[str, Decorator] = {
    "select": click.option(
        "--select", metavar="RULES", multiple=True, help="Only these rules or groups (comma-separated)."
    ),
    "ignore": click.option(
        "--ignore", metavar="RULES", multiple=True, help="Not these rules or groups (comma-separated)."
    ),
    "exclude": click.option("--exclude", metavar="PATTERNS", multiple=True, help="Leave out, as in .gitignore."),
    "force_exclude": _flag("--force-exclude", help="Leave out excluded files even where they are named."),
    "config": click.option(
        "--config", metavar="FILE", type=click.Path(path_type=Path), help="This configuration file for all files."
    ),
    "jobs": click.option(
        "-j", "--jobs", type=click.IntRange(min=0), default=0, metavar="N", help="Processes; 0: as many as pay."
    ),
    "stdin_filename": click.option("--stdin-filename", metavar="FILE", help="What standard input is called."),
    "quiet": _flag("-q", "--quiet", help="No summary on stderr."),
    "color": click.option(
        "--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Colour in the output."
    ),
}
_LISTS = ("select", "ignore", "exclude")
_WALK = frozenset({"exclude", "force_exclude", "jobs", "stdin_filename"})
_JUDGE = frozenset({"select", "ignore", "config"})

_paths = click.argument("paths", nargs=-1)
_unsafe = _flag("--unsafe", help="Also fixes that may change what you meant.")
_anew = _flag("--no-cache", help="Run everything anew; use no run of earlier calls.")
_text_or_json = click.option(
    "--format", "output_format", type=click.Choice(["text", "json"]), default="text", help="How it is printed."
)


def command(*declared: Decorator, without: frozenset[str] = frozenset()) -> Callable[[Body], Body]:
    """Register a command. Its first parameter receives the common options; `without` names those it does not take."""

    def register(body: Body) -> Body:
        def run(**values: Any) -> None:
            def work() -> int:
                options = _options({name: values.pop(name) for name in _COMMON if name not in without})
                # a tool that has lost some of its rules must not call a program clean
                whole = rules_are_whole(Console(options.color))
                code = body(options, **values)
                return code if whole else 2

            raise SystemExit(guarded(work))

        run.__doc__ = body.__doc__
        for decorate in reversed([*declared, *(each for name, each in _COMMON.items() if name not in without)]):
            decorate(run)
        app.command(body.__name__.replace("_", "-"), epilog=_EPILOG)(run)
        return body

    return register


def _options(values: dict[str, Any]) -> Options:
    lists = {name: _split(values[name]) for name in _LISTS if name in values}
    return Options(**{**values, **lists})


def _split(lists: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name.strip() for item in lists for name in item.split(",") if name.strip())


@command(
    _paths,
    click.option(
        "--format",
        "--output-format",
        "output_format",
        type=_one_of(Format),
        default="full",
        show_default=True,
        help="How findings are printed.",
    ),
    _flag("--no-cache", help="Look at every file anew."),
)
def check(options: Options, paths: tuple[str, ...], output_format: Format, no_cache: bool) -> int:
    """List findings. Exit code 1 when there are any.

    PATHS: files and folders, by default this one; `-` reads standard input.

    \b
    fixer check                      the Python files below this folder
    fixer check train.py --format concise
    fixer check --select missing-zero-grad,data src/
    fixer check - --stdin-filename train.py < train.py
    """
    from fixer.commands.check import check

    return check(Session(options), list(paths) or ["."], output_format, cached=not no_cache)


@command(
    _paths,
    _flag("-a", "--apply", help="Write the fixes into the files."),
    _flag("--check", help="Exit with 1 when something would change."),
    _unsafe,
    _flag("--verify", help="RUN the program before and after; keep only fixes that the run confirms."),
    _flag("-i", "--interactive", help="Ask for each fix, then write those."),
    _anew,
)
def fix(options: Options, paths: tuple[str, ...], unsafe: bool, no_cache: bool, **mode: bool) -> int:
    """Print the fixes as a diff; with --apply, write them.

    PATHS: files and folders, by default this one. Standard input: `fixer fix -` prints the diff as well;
    `fixer fix - --apply` prints the whole fixed source (the input itself when it cannot be done), which is what
    editors want.

    \b
    fixer fix train.py               the diff of the safe fixes; writes nothing
    fixer fix train.py | git apply   from the top of the repository
    fixer fix --apply src/           write in place
    fixer fix --verify train.py      run it, keep what the run confirms (arguments for it after --)
    """
    from fixer.commands.fix import Mode, fix

    mode["apply"] = mode["apply"] or mode["interactive"]
    chosen = Mode(**mode, program=_program(), cached=not no_cache)
    return fix(Session(options, unsafe=unsafe), list(paths) or ["."], chosen)


@command(
    click.argument("script"),
    click.argument("after", required=False),
    _unsafe,
    click.option("--seeds", metavar="N", type=click.IntRange(min=1), help="At most so many seeds a version."),
    click.option("--steps", metavar="N", type=click.IntRange(min=1), help="Optimizer steps a run."),
    click.option("--seconds", metavar="S", type=click.FloatRange(min=0.1), help="Time limit a run."),
    click.option(
        "--device",
        type=click.Choice(["cpu", "cuda", "auto"]),
        help="Where it runs; auto: on CUDA where there is a device.",
    ),
    click.option("--python", metavar="FILE", help="The interpreter to run it with."),
    _anew,
    click.option("--report", metavar="DIR", type=click.Path(path_type=Path), help="Write a report with plots."),
    _text_or_json,
    without=_WALK,
)
def verify(
    options: Options,
    script: str,
    after: str | None,
    unsafe: bool,
    report: Path | None,
    output_format: Any,
    no_cache: bool,
    **limits: Any,
) -> int:
    """RUN a program before and after its fixes, and say what changed in the way it trains.

    SCRIPT: the program, or its version before; AFTER: its version after.

    \b
    fixer verify train.py                 as it stands, against as `fixer fix` would leave it
    fixer verify before.py after.py       any two versions
    fixer verify train.py -- --epochs 1   with arguments for the program
    """
    from fixer.commands.prove import Limits
    from fixer.commands.verify import Request, verify

    request = Request(script, after, _program(), Limits(**limits), report, output_format, cached=not no_cache)
    return verify(Session(options, unsafe=unsafe), request)


@command(
    click.argument("file"),
    click.option("--range", "span", metavar="L:C-L:C", help="Lines and columns from 1. Default: the whole file."),
    _flag("--stdin", help="Take the text from standard input."),
    click.option(
        "--position-encoding",
        "encoding",
        type=_one_of(Encoding),
        default="utf-16",
        help="The unit of the columns in the answer.",
    ),
    without=_WALK,
)
def code_action(options: Options, file: str, span: str | None, stdin: bool, encoding: Encoding) -> int:
    """Print the LSP code actions for a range as JSON: quick fixes, and one action for all safe fixes.

    FILE: as the editor calls it.

    \b
    fixer code-action train.py --range 12:1-14:20
    fixer code-action train.py --range 12:5 --stdin < buffer
    """
    from fixer.commands.code_action import code_action

    return code_action(Session(options), file, span, encoding, stdin=stdin)


@command(_text_or_json, without=_WALK | _JUDGE)
def rules(options: Options, output_format: Any) -> int:
    """List the rules."""
    from fixer.commands.rules import rules

    return rules(Console(options.color, quiet=options.quiet), output_format)


@command(click.argument("rule"), _text_or_json, without=_WALK | _JUDGE)
def explain(options: Options, rule: str, output_format: Any) -> int:
    """Explain one rule: the bug, the fix, and what is left alone."""
    from fixer.commands.rules import explain

    return explain(Console(options.color, quiet=options.quiet), rule, output_format)


def _program() -> tuple[str, ...]:
    """The arguments of the program that is to be run."""
    return tuple(click.get_current_context().obj)


def main(arguments: list[str]) -> None:
    """Run the command line and exit. Where a program is run, what follows `--` belongs to it."""
    program: list[str] = []
    cut = arguments.index("--") if "--" in arguments else len(arguments)
    if arguments[:1] == ["verify"] or "--verify" in arguments[:cut]:
        arguments, program = arguments[:cut], arguments[cut + 1 :]
    app(args=arguments, prog_name="fixer", obj=program)
