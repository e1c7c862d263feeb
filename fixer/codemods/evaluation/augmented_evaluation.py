"""augmented-evaluation: what a model is tested on changes at random."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fixer import (
    Finding,
    Fix,
    Safety,
    add_import,
    add_parameter,
    guard,
    insert_after,
    remove,
    replace,
    rule,
    set_keyword,
)
from fixer.edits import Edit
from fixer.facts.data.evaluation import Evaluation, LoopAugmentation, Served
from fixer.facts.data.flags import Flag, constructor, flag_given, flags, mentions_attribute, named_as_flag
from fixer.facts.places.reach import calls_something
from fixer.facts.program.values import Literal, Made
from fixer.facts.script import Script
from fixer.facts.transforms.augmentation import (
    ItemAugmentation,
    item_augmentation,
    random_elements,
    transform_name,
)
from fixer.facts.transforms.twins import deterministic_copy, imported, twins_in_place


@rule(
    "augmented-evaluation",
    needs=(
        "torch",
        "DataLoader|Dataset|datasets|Compose",
        "andom|AutoAugment|AugMix|ColorJitter|TrivialAugment|torch.rand|bernoulli",
    ),
    safety=Safety.SAFE,
    symptom="evaluation-not-repeatable",
)
def augmented_evaluation(script: Script) -> Iterator[Finding]:
    """Evaluation data are augmented at random.

    ## What it does
    Finds the datasets that a program evaluates with (a loop over their loader feeds the model and never trains it, or
    they are called test, val, ..., by name or as an entry of a dict) and reports those whose samples change from one
    reading to the next: the dataset was built with its train flag on; the flag is stored and never asked; `__getitem__`
    augments always; the pipeline of transforms holds random ones; the validation loop augments its batches as the
    training loop does, or by a random transform of torchvision; the parts of a `random_split` draw from one augmenting
    dataset. Of two pipelines that are called train and test, the second is reported wherever it goes.

    ## Why is this bad?
    The measured accuracy is that of a harder task, and differs from run to run. Early stopping, schedules and
    comparisons follow the noise.

    ## What is left alone
    Training sets, test-time augmentation, several views of one sample, flags consulted in helpers, random samples that
    are no change of a stored one (synthetic data, negative sampling, masking, denoising), robustness tests, datasets of
    which nothing shows what they are used for.

    ## Fix
    Evaluation sets are built with the flag off; random changes move behind the flag, which the class gets where it has
    none; random transforms give way to deterministic ones (`RandomResizedCrop` to `Resize` and `CenterCrop`,
    `RandomCrop` to `CenterCrop`; flips, colour changes and erasing go); a pipeline that training needs as it is stays,
    and evaluation gets one of its own. Unsafe after `random_split`: the validation part gets a second dataset with the
    same arguments, right only where building it twice gives the same samples in the same order.

    ## References
    - [torchvision's training references](https://github.com/pytorch/vision/tree/main/references/classification): one
      preset for training, another for evaluation
    """
    evaluation = Evaluation(script)
    reported: set[ast.AST] = set()
    for served in evaluation.datasets:
        meant = evaluation.meant_for(served)
        for finding in (
            _in_item(script, served),
            _in_pipeline(script, served, meant),
            _in_shared(script, served, meant),
        ):
            if finding is not None and finding.node not in reported:
                reported.add(finding.node)
                yield finding
    for pipeline, written in evaluation.pipelines:
        finding = _called_so(script, pipeline, written)
        if finding.node not in reported:
            reported.add(finding.node)
            yield finding
    for found in evaluation.loops:
        yield _in_loop(found)


def _in_loop(found: LoopAugmentation) -> Finding:
    fix = Fix("Evaluate on the batch as it is", (remove(found.statement),))
    return Finding(found.call, f"`{found.name}` changes the evaluation batches at random", fix)


# -- in __getitem__ ----------------------------------------------------------------------------------------------------


def _in_item(script: Script, served: Served) -> Finding | None:
    made = served.made
    if made.cls is None or made.cls.definition is None or not served.class_trains or served.part:
        return None
    found = item_augmentation(script, made)
    for flag in _flags_on(made, found):
        message = f"this dataset serves evaluation, but `{flag.parameter}` is on: its samples are changed at random"
        off = None if served.shared else _flag_off(made, flag)
        return Finding(served.call, message, Fix(f"Pass {flag.parameter}=False", (off,)) if off else None)
    if found.unsure or not found.certain:
        return None
    first = found.unguarded[0]
    message = f"`{made.cls.definition.name}` serves evaluation too, but changes its samples at random in any case"
    return Finding(first.test if isinstance(first, ast.If) else first, message, _switch(script, served, found))


def _flags_on(made: Made, found: ItemAugmentation) -> Iterator[Flag]:
    """The flags that random changes depend on, and nothing else does, which `made` was built with as True."""
    for flag in flags(made.cls) if made.cls else ():
        kept = made.attributes.get(flag.attribute)  # as the program leaves it: it may be switched later
        on = flag_given(made, flag) is True and isinstance(kept, Literal) and kept.value is True
        if on and flag.attribute in found.flags and flag.stored_only:
            yield flag


def _switch(script: Script, served: Served, found: ItemAugmentation) -> Fix | None:
    """Move the random changes behind a flag, and turn it off wherever the class serves evaluation."""
    init = constructor(served.made.cls) if served.made.cls else None
    if init is None or not init.args.args or served.made.cls is None or any(each.shared for each in served.siblings):
        return None
    flag = next((each for each in flags(served.made.cls) if named_as_flag(each) and each.stored_only), None)
    edits: list[Edit | None] = []
    if flag is None:
        added = _new_flag(served, init)
        if added is None:
            return None
        flag, edits = added[0], [*added[1], *[set_keyword(each.call, "train", "False") for each in served.siblings]]
    else:
        if any(flag_given(each, flag) is not True for each in served.training):
            return None
        edits += [_flag_off(each.made, flag) for each in served.siblings if flag_given(each.made, flag) is not False]
    edits += _guards(script, found, f"{init.args.args[0].arg}.{flag.attribute}")
    if None in edits:
        return None
    return Fix(f"Augment only where `{flag.parameter}` is on", tuple(each for each in edits if each))


def _new_flag(served: Served, init: ast.FunctionDef) -> tuple[Flag, list[Edit]] | None:
    cls = served.made.cls
    stores = [each for each in init.body if isinstance(each, ast.Assign | ast.AnnAssign)]
    if cls is None or cls.definition is None or not stores or init.args.kwarg or init.args.vararg or not init.args.args:
        return None
    if mentions_attribute(cls, "train"):
        return None
    annotated = all(each.annotation for each in init.args.args[1:]) and len(init.args.args) > 1
    parameter = add_parameter(init, "train: bool = True" if annotated else "train=True")
    return Flag("train", "train", True, True), [
        parameter,
        insert_after(stores[-1], f"{init.args.args[0].arg}.train = train"),
    ]


def _guards(script: Script, found: ItemAugmentation, flag: str) -> list[Edit]:
    """Put each random change under the flag: a change by chance by its condition, neighbouring others together."""
    edits: list[Edit] = []
    groups: list[list[ast.stmt]] = []
    for statement in found.unguarded:
        if isinstance(statement, ast.If):
            loose = isinstance(statement.test, ast.IfExp | ast.Lambda | ast.NamedExpr) or (
                isinstance(statement.test, ast.BoolOp) and isinstance(statement.test.op, ast.Or)
            )
            test = script.source(statement.test)
            edits.append(replace(statement.test, f"{flag} and ({test})" if loose else f"{flag} and {test}"))
            continue
        block = script.block_of(statement)
        index = block.index(statement)
        start = index
        while start > 0 and block[start - 1] in found.drawn:
            start -= 1
        if groups and start > 0 and block[start - 1] is groups[-1][-1]:
            groups[-1] += block[start : index + 1]
        else:
            groups.append(block[start : index + 1])
    return [*edits, *[guard(tuple(group), f"if {flag}:") for group in groups]]


def _flag_node(made: Made, flag: Flag) -> ast.expr | None:
    """Where a call gives the flag; None where it leaves it to the default."""
    node, init = made.node, constructor(made.cls) if made.cls else None
    if not isinstance(node, ast.Call) or init is None:
        return None
    names = [each.arg for each in [*init.args.posonlyargs, *init.args.args]][1:]
    position = names.index(flag.parameter) if flag.parameter in names else len(names)
    if position < len(node.args):
        return node.args[position]
    return next((each.value for each in node.keywords if each.arg == flag.parameter), None)


def _flag_off(made: Made, flag: Flag) -> Edit | None:
    """Turn the flag of a call off, however it was given."""
    node, written = made.node, _flag_node(made, flag)
    if not isinstance(node, ast.Call) or any(isinstance(each, ast.Starred) for each in node.args):
        return None
    if written is None:
        return set_keyword(node, flag.parameter, "False")
    return replace(written, "False") if isinstance(written, ast.Constant) else None


# -- in a pipeline of transforms ---------------------------------------------------------------------------------------


def _in_pipeline(script: Script, served: Served, meant: str | None) -> Finding | None:
    pipeline = served.pipeline
    random = random_elements(pipeline) if pipeline is not None else []
    if pipeline is None or not random or served.part:
        return None
    if not served.pipeline_trains:
        return _called_so(script, pipeline, served.call)
    if not served.pipeline_shared:
        return None
    names = ", ".join(filter(None, map(transform_name, random)))
    written, fix = None if served.shared else served.pipeline_written, None
    copy = deterministic_copy(script, pipeline) if meant is None else None
    if written is not None and meant is not None:
        fix = Fix(f"Use `{meant}`", (replace(written, meant),))
    elif written is not None and copy is not None:
        edits = [*imported(copy.imports), insert_after(copy.statement, copy.code)]
        fix = Fix("Give evaluation a pipeline of its own", (*edits, replace(written, copy.name)))
    return Finding(served.call, f"evaluation shares the training pipeline, with {names} in it", fix)


def _called_so(script: Script, pipeline: Made, written: ast.AST) -> Finding:
    """A pipeline for evaluation alone: by what draws from it, or by what it is called."""
    random = random_elements(pipeline)
    names = ", ".join(filter(None, map(transform_name, random)))
    edits = twins_in_place(script, pipeline)
    fix = Fix("Use deterministic transforms", tuple(edits)) if edits else None
    return Finding(random[0].node or written, f"the evaluation data pass through {names}", fix)


# -- after random_split ------------------------------------------------------------------------------------------------


def _in_shared(script: Script, served: Served, meant: str | None) -> Finding | None:
    part, made = served.part, served.made
    if part is None or not part.training:
        return None
    found = item_augmentation(script, made) if made.cls else ItemAugmentation()
    flag = next((each for each in _flags_on(made, found)), None)
    edits: list[Edit] = []
    code: str | None = None
    if flag is not None:
        code = _construction(script, served.call, _flag_node(made, flag), f"{flag.parameter}=False", "False")
    elif served.pipeline is not None and random_elements(served.pipeline):
        copy = None if meant else deterministic_copy(script, served.pipeline)
        if meant is not None and served.pipeline_written is not None:
            code = _construction(script, served.call, served.pipeline_written, "", meant)
        elif copy is not None and served.pipeline_written is not None:
            edits = [*imported(copy.imports), insert_after(copy.statement, copy.code)]
            code = _construction(script, served.call, served.pipeline_written, "", copy.name)
    elif found.certain and not found.unsure:
        init = constructor(made.cls) if made.cls else None
        added = _new_flag(served, init) if init else None
        if added is not None and init is not None:
            edits = [*added[1], *_guards(script, found, f"{init.args.args[0].arg}.train")]
            code = _construction(script, served.call, None, "train=False", "")
    else:
        return None
    message = "the evaluation part draws from the training part's dataset, which changes its samples at random"
    if code is None or part.name is None:
        return Finding(part.call, message)
    subset = script.names.spelling("torch.utils.data.Subset")
    edits += [] if subset else [add_import("torch.utils.data", "Subset")]
    own = insert_after(part.statement, f"{part.name} = {subset or 'Subset'}({code}, {part.name}.indices)")
    title = "Let the evaluation part draw from a dataset that does not augment"
    return Finding(part.call, message, Fix(title, (*edits, own), Safety.UNSAFE))


def _construction(script: Script, call: ast.Call, old: ast.expr | None, added: str, new: str) -> str | None:
    """The text of `call` with `new` in place of its argument `old`, or with `added` behind its arguments."""
    arguments = [*call.args, *[each.value for each in call.keywords]]
    if any(map(calls_something, arguments)):
        return None  # built a second time, it might hold other data
    parts = [new if each is old else script.source(each) for each in call.args]
    parts += [f"{each.arg}={new if each.value is old else script.source(each.value)}" for each in call.keywords]
    return f"{script.source(call.func)}({', '.join([*parts, *([added] if old is None else [])])})"
