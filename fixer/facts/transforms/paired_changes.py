"""How a mask gets the change that its image has: the same call, or the same steps in the mask's own pipeline."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from fixer.edits import Edit, insert_after, insert_before, insert_element, replace
from fixer.facts.data.sample_parts import Change, Part, moves
from fixer.facts.places.spelling import beside
from fixer.facts.program.values import Made
from fixer.facts.program.walk import walk
from fixer.facts.script import Script
from fixer.facts.tensors.array_changes import names
from fixer.facts.transforms.augmentation import is_draw
from fixer.facts.transforms.image_masks import Unpaired, drawing
from fixer.facts.transforms.item_changes import item_parts
from fixer.facts.transforms.transforms import V1, Step

_FLIPS = frozenset({"RandomHorizontalFlip", "RandomVerticalFlip"})
_NEAREST_ANYWAY = _FLIPS | {"RandomCrop", "RandomRotation", "RandomAffine"}
_BLENDS = frozenset({"RandomResizedCrop", "RandomPerspective"})
_SIZES = frozenset({"Resize", "CenterCrop", "Pad", "ToPILImage", "ToImage"})
# What may be done to a mask exactly as to an image: it moves values and makes no new ones.
_COPIED = names(
    "hflip vflip horizontal_flip vertical_flip crop fliplr flipud rot90 mirror transpose rotate affine flip"
)


@dataclass(frozen=True)
class Added:
    """What has been added for the mask: `change` is the call that needs the image's random state."""

    change: Change
    names: tuple[str, ...]
    edits: tuple[Edit, ...]


def side_by_side(script: Script, one: ast.stmt, other: ast.stmt) -> tuple[ast.stmt, ast.stmt] | None:
    """The two statements of one block that are, or hold, `one` and `other`, in their order."""
    mine, theirs = _outwards(script, one), _outwards(script, other)
    for each in mine:
        block = script.block_of(each)
        match = next((it for it in theirs if any(it is entry for entry in block)), None)
        if match is not None:
            first, second = sorted((each, match), key=lambda it: it.lineno)
            return (first, second) if first is not second else None
    return None


def _outwards(script: Script, statement: ast.stmt) -> list[ast.stmt]:
    found = [statement]
    while isinstance(parent := script.parents.get(found[-1]), ast.If):
        found.append(parent)
    return found


# -- changes by hand ---------------------------------------------------------------------------------------------------


def for_the_mask(script: Script, change: Change, place: Part) -> list[Edit] | None:
    """The image's change once more for the mask, directly behind; a number drawn in the call gets a name before it."""
    statement = change.statement
    mask = _held(script, place, statement)
    if mask is None or not isinstance(statement, ast.Assign) or statement.value is not change.call:
        return None
    if not _copyable(change.call):
        return None
    edits: list[Edit] = []
    text = {change.subject: mask}
    drawn = [node for node in walk(change.call) if isinstance(node, ast.Call) and is_draw(script, node)]
    swapped: list[tuple[ast.expr, str]] = []
    if drawn:
        if len(drawn) > 1 or drawn[0] is change.call:
            return None
        number = script.names.fresh("angle" if change.name in ("rotate", "affine") else "drawn")
        edits = [insert_before(statement, f"{number} = {script.source(drawn[0])}"), replace(drawn[0], number)]
        swapped = [(drawn[0], number)]
    copied = _rewritten(script, change.call, text, swapped)
    return [*edits, insert_after(statement, f"{mask} = {copied}")] if copied is not None else None


def _held(script: Script, place: Part, before: ast.stmt) -> str | None:
    """The variable that holds the mask when `before` is reached."""
    function = script.function_of(before)
    bound = [
        (node.lineno, node.id)
        for node in walk(function or script.tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id in place.names
    ]
    if function is not None:
        bound += [(function.lineno, each.arg) for each in function.args.args if each.arg in place.names]
    earlier = [each for each in bound if each[0] < before.lineno]
    later = [each for each in bound if each[0] > before.lineno and each[1] not in {name for _, name in earlier}]
    return max(earlier)[1] if earlier and not later else None


def _copyable(call: ast.expr) -> bool:
    if isinstance(call, ast.Subscript):
        return True
    if not isinstance(call, ast.Call) or any(
        each.arg in ("interpolation", "resample", "fill") for each in call.keywords
    ):
        return False
    return getattr(call.func, "attr", getattr(call.func, "id", "")) in _COPIED


def _rewritten(
    script: Script, node: ast.expr, renamed: dict[str, str], swapped: list[tuple[ast.expr, str]]
) -> str | None:
    """The text of an expression with other names, and with dimensions counted from the end."""
    changes = [
        *swapped,
        *((each, renamed[each.id]) for each in walk(node) if isinstance(each, ast.Name) and each.id in renamed),
    ]
    for each in _dimensions(node):
        if not isinstance(each, ast.Constant) or each.value not in (1, 2):
            return None  # a mask has no channels to count, or other ones
        changes.append((each, str(each.value - 3)))
    start = (node.lineno, node.col_offset)
    source = script.source(node)
    if node.lineno != node.end_lineno:
        return None
    data = source.encode()
    for each, text in sorted(changes, key=lambda pair: pair[0].col_offset, reverse=True):
        left, right = each.col_offset - start[1], (each.end_col_offset or 0) - start[1]
        data = data[:left] + text.encode() + data[right:]
    return data.decode()


def _dimensions(node: ast.expr) -> list[ast.expr]:
    """The dimensions that `torch.flip(x, [2])` and `x.flip(2)` name, those from the end aside."""
    if not isinstance(node, ast.Call) or getattr(node.func, "attr", "") not in ("flip", "rot90"):
        return []
    owner = getattr(getattr(node.func, "value", None), "id", "")
    if owner in ("np", "numpy", "cv2", "ImageOps"):
        return []  # height and width come first in arrays
    given = [*node.args, *[each.value for each in node.keywords if each.arg == "dims"]]
    numbers = [item for each in given for item in (each.elts if isinstance(each, ast.List | ast.Tuple) else [])]
    if not numbers and getattr(node.func, "attr", "") == "flip":
        numbers = [each for each in given if not isinstance(each, ast.Name)]
    return [each for each in numbers if not isinstance(each, ast.UnaryOp)]


# -- pipelines ---------------------------------------------------------------------------------------------------------


def missing_steps(script: Script, found: Unpaired) -> Added | None:
    """Put the random steps that move the image into the pipeline of the mask."""
    image = found.moved[0].pipeline
    steps = drawing(image) if image is not None else None
    own = [each for each in found.place.changes if each.pipeline is not None]
    if image is None or not steps or len(own) != 1 or own[0].pipeline is None:
        return None
    moving = [step for step in steps if moves(step)]
    display = own[0].pipeline.display
    if steps[: len(moving)] != moving or display is None or not _after_sizes(image.steps, moving):
        return None
    if not _for_training_alone(script, found, own[0]):
        return None
    codes = [_for_masks(script, step) for step in moving]
    at = next((at for at, step in enumerate(own[0].pipeline.steps) if step.name not in _SIZES), len(display.elts))
    if None in codes or len(display.elts) != len(own[0].pipeline.steps):
        return None
    edits = tuple(insert_element(display, at, code) for code in codes if code)
    return Added(own[0], tuple(step.name for step in moving), edits) if len(edits) == 1 else None


def _after_sizes(steps: tuple[Step, ...], moving: list[Step]) -> bool:
    """Whether what depends on the size comes behind what sets it."""
    last = max([at for at, step in enumerate(steps) if step.name in _SIZES], default=-1)
    return all(step.name in _FLIPS or steps.index(step) > last for step in moving)


def _for_training_alone(script: Script, found: Unpaired, change: Change) -> bool:
    """Whether every dataset that uses the mask's pipeline moves its images."""
    for made in script.run.objects:
        if found.made is None or made.cls is not found.made.cls:
            continue
        parts = item_parts(script, made)
        uses = any(
            each.pipeline is not None and change.pipeline is not None and each.pipeline.node is change.pipeline.node
            for part in parts
            for each in part.changes
        )
        if uses and not any(part.moved for part in parts if not part.spatial):
            return False
    return True


def _for_masks(script: Script, step: Step) -> str | None:
    """The step as it is written, but taking the nearest value where it would blend several."""
    node = step.made.node if isinstance(step.made, Made) else None
    if not isinstance(node, ast.Call) or step.name not in _NEAREST_ANYWAY | _BLENDS:
        return None
    given = [script.source(each) for each in node.args]
    given += [
        f"{each.arg}={script.source(each.value)}" if each.arg else f"**{script.source(each.value)}"
        for each in node.keywords
        if each.arg not in ("interpolation", "antialias")
    ]
    if step.name in _BLENDS:
        mode = beside(script, node.func, f"{V1}.InterpolationMode")
        if mode is None or mode.imports:
            return None
        given.append(f"interpolation={mode.code}.NEAREST")
    return f"{script.source(node.func)}({', '.join(given)})"
