"""The command line: what the commands and their options are called. What they do is in `fixer.commands`."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from fixer import __version__
from fixer.commands.console import Console
from fixer.commands.guard import guarded
from fixer.commands.session import Options, Session, rules_are_whole
from fixer.editor.positions import Encoding
from fixer.reports import Format

_EPILOG = "Exit codes: 0 nothing to report, 1 findings, 2 something could not be done."

app = typer.Typer(
    name="fixer",
    epilog=_EPILOG,
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)

Color = Literal["auto", "always", "never"]
Device = Literal["cpu", "cuda", "auto"]
TextOrJson = Literal["text", "json"]

Paths = Annotated[
    list[str],
    typer.Argument(metavar="PATHS", help="Files and folders; `-` reads standard input.", show_default="`.`"),
]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Run everything anew; use no run of earlier calls.")]
Unsafe = Annotated[bool, typer.Option("--unsafe", help="Also fixes that may change what you meant.")]


def common_options(
    select: Annotated[
        list[str] | None,
        typer.Option("--select", metavar="RULES", help="Only these rules or groups (comma-separated)."),
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option("--ignore", metavar="RULES", help="Not these rules or groups (comma-separated).")
    ] = None,
    exclude: Annotated[
        list[str] | None, typer.Option("--exclude", metavar="PATTERNS", help="Leave out, as in .gitignore.")
    ] = None,
    force_exclude: Annotated[
        bool, typer.Option("--force-exclude", help="Leave out excluded files even where they are named.")
    ] = False,
    config: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="This configuration file for all files.")
    ] = None,
    jobs: Annotated[int, typer.Option("-j", "--jobs", min=0, metavar="N", help="Processes; 0: as many as pay.")] = 0,
    stdin_filename: Annotated[
        str | None, typer.Option("--stdin-filename", metavar="FILE", help="What standard input is called.")
    ] = None,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="No summary on stderr.")] = False,
    color: Annotated[Color, typer.Option("--color", help="Colour in the output.")] = "auto",
) -> Options:
    return Options(
        select=_split(select),
        ignore=_split(ignore),
        exclude=_split(exclude),
        force_exclude=force_exclude,
        config=config,
        jobs=jobs,
        stdin_filename=stdin_filename,
        quiet=quiet,
        color=color,
    )


def _split(lists: list[str] | None) -> tuple[str, ...]:
    return tuple(name.strip() for item in lists or () for name in item.split(",") if name.strip())


def command(function: Callable[..., int], *, without: frozenset[str] = frozenset()) -> None:
    """Register a command. Its first parameter receives the common options; `without` names those it does not take."""
    own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
    declared = inspect.signature(common_options, eval_str=True).parameters
    common = [parameter for name, parameter in declared.items() if name not in without]

    def run(**values: Any) -> None:
        def work() -> int:
            options = common_options(**{parameter.name: values.pop(parameter.name) for parameter in common})
            # a tool that has lost some of its rules must not call a program clean
            whole = rules_are_whole(Console(options.color))
            code = function(options, **values)
            return code if whole else 2

        raise typer.Exit(guarded(work))

    run.__signature__ = inspect.Signature([*own, *common])  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in (*own, *common)}
    run.__doc__ = function.__doc__
    app.command(function.__name__.replace("_", "-"), epilog=_EPILOG)(run)


def check(
    options: Options,
    paths: Paths = ["."],  # noqa: B006
    output_format: Annotated[
        Format, typer.Option("--format", "--output-format", help="How findings are printed.")
    ] = "full",
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Look at every file anew.")] = False,
) -> int:
    """List findings. Exit code 1 when there are any.

    \b
    fixer check                      the Python files below this folder
    fixer check train.py --format concise
    fixer check --select missing-zero-grad,data src/
    fixer check - --stdin-filename train.py < train.py
    """
    from fixer.commands.check import check

    return check(Session(options), paths, output_format, cached=not no_cache)


def fix(
    options: Options,
    context: typer.Context,
    paths: Paths = ["."],  # noqa: B006
    apply: Annotated[bool, typer.Option("-a", "--apply", help="Write the fixes into the files.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Exit with 1 when something would change.")] = False,
    unsafe: Unsafe = False,
    verify: Annotated[
        bool, typer.Option("--verify", help="RUN the program before and after; keep only fixes that the run confirms.")
    ] = False,
    interactive: Annotated[
        bool, typer.Option("-i", "--interactive", help="Ask for each fix, then write those.")
    ] = False,
    no_cache: NoCache = False,
) -> int:
    """Print the fixes as a diff; with --apply, write them.

    Standard input: `fixer fix -` prints the diff as well; `fixer fix - --apply` prints the whole fixed
    source (the input itself when it cannot be done), which is what editors want.

    \b
    fixer fix train.py               the diff of the safe fixes; writes nothing
    fixer fix train.py | git apply   from the top of the repository
    fixer fix --apply src/           write in place
    fixer fix --verify train.py      run it, keep what the run confirms (arguments for it after --)
    """
    from fixer.commands.fix import Mode, fix

    mode = Mode(
        apply=apply or interactive,
        check=check,
        verify=verify,
        interactive=interactive,
        program=tuple(context.obj),
        cached=not no_cache,
    )
    return fix(Session(options, unsafe=unsafe), paths, mode)


def verify(
    options: Options,
    context: typer.Context,
    script: Annotated[str, typer.Argument(metavar="SCRIPT", help="The program; or its version before.")],
    after: Annotated[str | None, typer.Argument(metavar="AFTER", help="Its version after.")] = None,
    unsafe: Unsafe = False,
    seeds: Annotated[int | None, typer.Option("--seeds", min=1, help="At most so many seeds a version.")] = None,
    steps: Annotated[int | None, typer.Option("--steps", min=1, help="Optimizer steps a run.")] = None,
    seconds: Annotated[float | None, typer.Option("--seconds", min=0.1, help="Time limit a run.")] = None,
    device: Annotated[
        Device | None, typer.Option("--device", help="Where it runs; auto: on CUDA where there is a device.")
    ] = None,
    python: Annotated[str | None, typer.Option("--python", help="The interpreter to run it with.")] = None,
    no_cache: NoCache = False,
    report: Annotated[Path | None, typer.Option("--report", metavar="DIR", help="Write a report with plots.")] = None,
    output_format: Annotated[TextOrJson, typer.Option("--format", help="How the verdict is printed.")] = "text",
) -> int:
    """RUN a program before and after its fixes, and say what changed in the way it trains.

    \b
    fixer verify train.py                 as it stands, against as `fixer fix` would leave it
    fixer verify before.py after.py       any two versions
    fixer verify train.py -- --epochs 1   with arguments for the program
    """
    from fixer.commands.prove import Limits
    from fixer.commands.verify import Request, verify

    limits = Limits(seeds, steps, seconds, device, python)
    request = Request(script, after, tuple(context.obj), limits, report, output_format, cached=not no_cache)
    return verify(Session(options, unsafe=unsafe), request)


def code_action(
    options: Options,
    file: Annotated[str, typer.Argument(metavar="FILE", help="The file as the editor calls it.")],
    span: Annotated[
        str | None,
        typer.Option("--range", metavar="L:C-L:C", help="Lines and columns from 1. Default: the whole file."),
    ] = None,
    stdin: Annotated[bool, typer.Option("--stdin", help="Take the text from standard input.")] = False,
    encoding: Annotated[
        Encoding, typer.Option("--position-encoding", help="The unit of the columns in the answer.")
    ] = "utf-16",
) -> int:
    """Print the LSP code actions for a range as JSON: quick fixes, and one action for all safe fixes.

    \b
    fixer code-action train.py --range 12:1-14:20
    fixer code-action train.py --range 12:5 --stdin < buffer
    """
    from fixer.commands.code_action import code_action

    return code_action(Session(options), file, span, encoding, stdin=stdin)


def rules(
    options: Options,
    output_format: Annotated[TextOrJson, typer.Option("--format", help="How rules are printed.")] = "text",
) -> int:
    """List the rules."""
    from fixer.commands.rules import rules

    return rules(Console(options.color, quiet=options.quiet), output_format)


def explain(
    options: Options,
    rule: Annotated[str, typer.Argument(metavar="RULE", help="The name of a rule.")],
    output_format: Annotated[TextOrJson, typer.Option("--format", help="How the rule is printed.")] = "text",
) -> int:
    """Explain one rule: the bug, the fix, and what is left alone."""
    from fixer.commands.rules import explain

    return explain(Console(options.color, quiet=options.quiet), rule, output_format)


_WALK = frozenset({"exclude", "force_exclude", "jobs", "stdin_filename"})
_JUDGE = frozenset({"select", "ignore", "config"})

command(check)
command(fix)
command(verify, without=_WALK)
command(code_action, without=_WALK)
command(rules, without=_WALK | _JUDGE)
command(explain, without=_WALK | _JUDGE)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"fixer {__version__}")
        raise typer.Exit


@app.callback()
def _top(
    _show: Annotated[
        bool, typer.Option("--version", "-V", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Finds silent bugs in PyTorch training code, rewrites the code, and proves each mend by running it.

    \b
    fixer check train.py             what is wrong
    fixer fix train.py               how it would be mended, as a diff
    fixer fix --apply train.py       mend it
    fixer verify train.py            run it before and after: does it train better?
    """


def main(arguments: list[str]) -> None:
    """Run the command line and exit. Where a program is run, what follows `--` belongs to it."""
    program: list[str] = []
    cut = arguments.index("--") if "--" in arguments else len(arguments)
    if arguments[:1] == ["verify"] or "--verify" in arguments[:cut]:
        arguments, program = arguments[:cut], arguments[cut + 1 :]
    app(args=arguments, prog_name="fixer", obj=program)
