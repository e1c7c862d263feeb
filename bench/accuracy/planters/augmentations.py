"""Bugs of random changes: to evaluation data, to whole batches, to the image and not to its mask."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from planters.source import IMAGES, Edit, Mutation, Planter, Source, keyword, name, pipelines

EVALUATION = re.compile(r"(^|_)(test|val|valid|validation|eval)(_|$)", re.IGNORECASE)
PLACES = re.compile(r"(^|_)(masks?|target|box(es)?|bbox(es)?|seg|label_img|labels?|keypoints?)(_|$)")
MASKS = re.compile(r"mask|box|keypoint|(^|_)seg(s|m|ment|ments|mentation|_?map)?(_(img|image|map|mask))?$")
TOKENS = re.compile(r"att(entio)?n|token|input_mask|padding|lm_")
MOVES = re.compile(r"flip|crop|rotate|transpose|expand|mirror", re.IGNORECASE)
TURNS = re.compile(r"flip|rotat|affine|warp|perspective|transpose\(", re.IGNORECASE)
IMAGE = re.compile(r"(^|_)(im|img|image|pil_img|raw_image|input|data)$")


def augmented_evaluation(source: Source) -> Iterator[Mutation]:
    """The test data get the training pipeline, or a flip of their own, or the validation loop flips its batches."""
    yield from _training_pipeline_given(source)
    for steps in pipelines(source):
        if _for_evaluation(source, steps[0]) and name(steps[0]) != "ToPILImage":
            flip = _flip(source, steps[0].func)
            if flip:
                yield steps[0], [source.put(steps[0], f"{flip[0]}, {source.of(steps[0])}"), *flip[1]]
    for loop in (x for x in source.nodes if isinstance(x, ast.For)):
        batch, module = _batch(source, loop), _module(source)
        if batch and module and _evaluates(source, loop) and _reads_name(loop, batch):
            line = f"{batch} = {module}.RandomHorizontalFlip()({batch})"
            yield loop, [source.before(loop.body[0], line)]


def batchwise_augmentation(source: Source) -> Iterator[Mutation]:
    """The inputs of each training batch go through a random flip."""
    module = _module(source)
    if module is None or "DataLoader" not in source.text:
        return
    for loop in source.training_loops:
        batch = _batch(source, loop)
        if batch:
            yield loop, [source.before(loop.body[0], f"{batch} = {module}.RandomHorizontalFlip()({batch})")]


def unpaired_augmentation(source: Source) -> Iterator[Mutation]:
    """What moves the mask as the image was moved is gone, or the image alone is flipped or turned."""
    for node in source.nodes:
        edit = _without_the_place(source, node) if isinstance(node, ast.Assign) else None
        edit = _returned_as_it_was(source, node) if isinstance(node, ast.Return) else edit
        if edit is not None:
            yield node, [edit]
    for function in source.nodes:
        if isinstance(function, ast.FunctionDef) and function.name == "__getitem__":
            yield from _flipped_alone(source, function)
    for steps in pipelines(source):
        flip = _flip(source, steps[0].func)
        if flip and name(steps[0]) not in ("ToPILImage", "Lambda") and _for_images_with_places(source, steps[0]):
            yield steps[0], [source.put(steps[0], f"{flip[0]}, {source.of(steps[0])}"), *flip[1]]


def _training_pipeline_given(source: Source) -> Iterator[Mutation]:
    """Evaluation data of torchvision get the random pipeline that training data get in the same function."""
    for call in source.calls(*IMAGES):
        given = _transform(call)
        if given is None or not _evaluation_data(source, call):
            continue
        for other in source.calls(*IMAGES):
            named = _transform(other)
            if not isinstance(named, ast.Name) or _evaluation_data(source, other):
                continue
            pipeline = source.resolved(named)
            random = pipeline is not None and "Random" in source.of(pipeline)
            where = (source.tree, source.function_of(call))
            if (
                random
                and pipeline is not None
                and source.function_of(pipeline) in where
                and source.span(pipeline) < source.span(call)
                and ast.unparse(given) != named.id
            ):
                yield call, [source.put(given, named.id)]
                break


def _transform(call: ast.Call) -> ast.expr | None:
    at = {"ImageFolder": 1}.get(name(call))
    return keyword(call, "transform") or (call.args[at] if at is not None and len(call.args) > at else None)


def _evaluation_data(source: Source, call: ast.Call) -> bool:
    """Whether the train flag is off, or the data are called test, val, ..."""
    flag, statement = keyword(call, "train"), source.statement(call)
    if flag is not None:
        return isinstance(flag, ast.Constant) and flag.value is False
    return isinstance(statement, ast.Assign) and EVALUATION.search(source.of(statement.targets[0])) is not None


def _for_evaluation(source: Source, step: ast.Call) -> bool:
    """Whether a pipeline is called so, is the entry of that name in a dict, or stands in the call of a test dataset."""
    above, statement = list(source.above(step)), source.statement(step)
    if any(isinstance(x, ast.Call) and name(x) in IMAGES and _evaluation_data(source, x) for x in above):
        return True
    for one in above:
        if isinstance(one, ast.Dict):
            key = next((k for k, v in zip(one.keys, one.values, strict=True) if v in above), None)
            return isinstance(key, ast.Constant) and EVALUATION.search(str(key.value)) is not None
    target = getattr(statement, "targets", [None])[0]
    called = getattr(target, "id", getattr(target, "attr", ""))
    return isinstance(target, ast.Name | ast.Attribute) and EVALUATION.search(called) is not None


def _flip(source: Source, func: ast.expr) -> tuple[str, list[Edit]] | None:
    """A random flip as torchvision spells it, in the way the file spells `func`; with what has to be imported."""
    if not source.dotted(func).startswith("torchvision.transforms"):
        return None
    if isinstance(func, ast.Attribute):
        return f"{source.of(func.value)}.RandomHorizontalFlip()", []
    if "RandomHorizontalFlip" in source.imported:
        return "RandomHorizontalFlip()", []
    for node in source.nodes:
        if isinstance(node, ast.ImportFrom) and any((x.asname or x.name) == source.of(func) for x in node.names):
            return "RandomHorizontalFlip()", [source.behind(node.names[-1], ", RandomHorizontalFlip")]
    return None


def _module(source: Source) -> str | None:
    """What the file calls torchvision.transforms."""
    names = ("torchvision.transforms", "torchvision.transforms.v2")
    found = next((x for x, dotted in source.imported.items() if dotted in names), None)
    return found or ("torchvision.transforms" if "torchvision.transforms.Compose" in source.text else None)


def _batch(source: Source, loop: ast.For) -> str | None:
    """The inputs of `for inputs, targets in loader`, counted or not."""
    target, drawn = loop.target, source.of(loop.iter)
    if "enumerate(" in drawn:
        if not isinstance(target, ast.Tuple) or len(target.elts) != 2:
            return None
        target = target.elts[1]
    if "zip(" in drawn or not isinstance(target, ast.Tuple) or len(target.elts) != 2:
        return None
    if not re.search(r"load|dl\b|iter", drawn):
        return None
    return target.elts[0].id if isinstance(target.elts[0], ast.Name) and target.elts[0].id != "_" else None


def _evaluates(source: Source, loop: ast.For) -> bool:
    """Whether a loop over evaluation data runs without gradients, and takes no step."""
    text = source.of(loop)
    function = source.function_of(loop)
    if ".backward(" in text or ".step(" in text or any(isinstance(x, ast.For) for b in loop.body for x in ast.walk(b)):
        return False
    called = EVALUATION.search(getattr(function, "name", "")) or re.search(r"test|val", source.of(loop.iter))
    off = [
        x
        for x in source.above(loop)
        if isinstance(x, ast.With) and re.search("no_grad|inference_mode", source.of(x.items[0].context_expr))
    ]
    return bool(called) and (bool(off) or (isinstance(function, ast.FunctionDef) and ".eval()" in source.of(function)))


def _reads_name(loop: ast.For, called: str) -> bool:
    nodes = [each for statement in loop.body for each in ast.walk(statement)]
    return any(isinstance(x, ast.Name) and x.id == called and isinstance(x.ctx, ast.Load) for x in nodes)


def _without_the_place(source: Source, node: ast.Assign) -> Edit | None:
    """Take the mask's (box's, keypoints') half out of a change that a draw decides on."""
    under = [x for x in source.above(node) if isinstance(x, ast.If)]
    if not under or not re.search(r"rand", source.of(under[0].test)):
        return source.put(node, "pass") if _by_a_number_drawn(source, node) else None
    moves = MOVES.search(source.of(node.value))
    match node.targets[0]:
        case ast.Name(id=target) if PLACES.search(target) and moves:
            return source.put(node, "pass")
        case ast.Subscript(value=ast.Name(id=target)) if (
            PLACES.search(target) and not source.of(node.value)[0].isdigit()
        ):
            return source.put(node, "pass") if "flip" in source.of(under[0]) else None
        case ast.Tuple(elts=[ast.Name(id=image), ast.Name(id=target)]) if PLACES.search(target) and moves:
            return source.put(node.targets[0].elts[1], "_") if IMAGE.search(image) else None  # type: ignore[attr-defined]
    return None


def _by_a_number_drawn(source: Source, node: ast.Assign) -> bool:
    """Whether a mask is turned or shifted by a number drawn before, as its image is in the same function."""
    target, function = node.targets[0], source.function_of(node)
    if not isinstance(target, ast.Name) or not PLACES.search(target.id) or not TURNS.search(source.of(node.value)):
        return False
    made = [x for x in ast.walk(function) if isinstance(x, ast.Assign)]
    drawn = {
        each.id
        for x in made
        if re.search(r"random\.|get_params|torch\.rand", source.of(x.value))
        for each in ast.walk(x.targets[0])
        if isinstance(each, ast.Name)
    }
    given = drawn & {x.id for x in ast.walk(node.value) if isinstance(x, ast.Name)}
    images = [x for x in made if isinstance(x.targets[0], ast.Name) and IMAGE.search(x.targets[0].id)]
    return any(
        TURNS.search(source.of(x.value)) and given & {y.id for y in ast.walk(x.value) if isinstance(y, ast.Name)}
        for x in images
    )


def _returned_as_it_was(source: Source, node: ast.Return) -> Edit | None:
    """`return image.transpose(...), mask.transpose(...)` under a draw: the mask is returned without the change."""
    under = next((x for x in source.above(node) if isinstance(x, ast.If | ast.FunctionDef)), None)
    if not isinstance(under, ast.If) or not re.search(r"rand", source.of(under.test)):
        return None
    match node.value:
        case ast.Tuple(elts=[ast.Call() as image, ast.Call() as place]):
            names = [{x.id for x in ast.walk(each) if isinstance(x, ast.Name)} for each in (image, place)]
            places = [each for each in names[1] if PLACES.search(each)]
            both = MOVES.search(source.of(image)) and MOVES.search(source.of(place))
            if both and len(places) == 1 and any(IMAGE.search(each) for each in names[0]):
                return source.put(place, places[0])
    return None


def _flipped_alone(source: Source, function: ast.FunctionDef) -> Iterator[Mutation]:
    """Right behind where the image is read, it is mirrored by chance."""
    returned = [x for x in ast.walk(function) if isinstance(x, ast.Return) and x.value is not None]
    words = {w for x in returned for n in ast.walk(x) for w in (getattr(n, "id", ""), str(getattr(n, "value", "")))}
    read = [x for x in ast.walk(function) if isinstance(x, ast.Assign) and isinstance(x.targets[0], ast.Name)]
    masks = [x for x in read if MASKS.search(x.targets[0].id) and not TOKENS.search(x.targets[0].id)]  # type: ignore[attr-defined]
    crops = [each for x in ast.walk(function) if isinstance(x, ast.Call) and name(x) == "crop" for each in ast.walk(x)]
    used = {
        x.id for x in ast.walk(function) if isinstance(x, ast.Name) and isinstance(x.ctx, ast.Load) and x not in crops
    }
    masks = [x for x in masks if x.targets[0].id in used]  # type: ignore[attr-defined]
    if not words or not masks:
        return  # a box by which the image is cropped is no part of the sample
    for node in read:
        kind, target = _reads(source, node.value), node.targets[0].id  # type: ignore[attr-defined]
        block = next((each for each in source.blocks if node in each), None)
        if kind is None or not IMAGE.search(target) or block is None or node is block[-1]:
            continue
        if all(re.search(rf"\b{target}\b", source.of(each.value)) for each in masks):
            continue  # made of the image, and so moved with it
        chance = "torch.rand(1)" if source.imported.get("torch") == "torch" else "random.random()"
        if chance.partition(".")[0] not in source.imported:
            continue
        turned = f"{target}.transpose(0)" if kind == "PIL" else f"{target}[:, ::-1].copy()"
        if kind == "PIL" and "Image" in source.imported:
            turned = f"{target}.transpose(Image.FLIP_LEFT_RIGHT)"
        following = block[block.index(node) + 1]
        yield (
            node,
            [source.before(following, f"if {chance} < 0.5:\n{' ' * (following.col_offset + 4)}{target} = {turned}")],
        )
        module = next((each for each, dotted in source.imported.items() if dotted == "torchvision.transforms"), None)
        if module is not None and kind == "PIL":
            yield node, [source.before(following, f"{target} = {module}.RandomRotation(15)({target})")]


WITH_PLACES = ("VOCSegmentation", "VOCDetection", "CocoDetection", "SBDataset", "WIDERFace")
"""Datasets of torchvision whose targets are places in the image."""


def _for_images_with_places(source: Source, step: ast.Call) -> bool:
    """Whether a pipeline is the `transform` of data with masks or boxes, and gets the image alone."""
    pipeline = next((x for x in source.above(step) if isinstance(x, ast.Call)), None)
    statement = source.statement(step)
    target = source.of(statement.targets[0]) if isinstance(statement, ast.Assign) else ""
    for call in (x for x in source.nodes if isinstance(x, ast.Call)):
        given = keyword(call, "transform")
        if given is None or not (given is pipeline or source.of(given) == target):
            continue
        if name(call) in WITH_PLACES:
            return keyword(call, "transforms") is None
        cls = next((x for x in source.nodes if isinstance(x, ast.ClassDef) and x.name == name(call)), None)
        if cls is not None and _yields_places(source, cls):
            return True
    return False


def _yields_places(source: Source, cls: ast.ClassDef) -> bool:
    """Whether the image that is read goes through `self.transform` by itself, and a mask of its own comes with it."""
    for function in cls.body:
        if isinstance(function, ast.FunctionDef) and function.name == "__getitem__":
            read = [x for x in ast.walk(function) if isinstance(x, ast.Assign) and isinstance(x.targets[0], ast.Name)]
            images = {x.targets[0].id for x in read if _reads(source, x.value)}  # type: ignore[attr-defined]
            masks = {each for each in images if re.search(r"mask|seg|label", each)}
            calls = [x for x in ast.walk(function) if isinstance(x, ast.Call) and name(x) == "transform"]
            return bool(masks) and all(len(x.args) == 1 and source.of(x.args[0]) in images - masks for x in calls)
    return False


def _reads(source: Source, value: ast.expr) -> str | None:
    """Whether an expression reads a picture from a file, and as what."""
    calls = [x for x in ast.walk(value) if isinstance(x, ast.Call)]
    if any("imread" in name(x) for x in calls):
        return "array"
    plain = not any(name(x) in ("array", "asarray", "tensor", "transform") for x in calls)
    return (
        "PIL"
        if plain and any(source.of(x.func) in ("Image.open", "PIL.Image.open", "load_image") for x in calls)
        else None
    )


PLANTERS: dict[str, Planter] = {
    "augmented-evaluation": augmented_evaluation,
    "batchwise-augmentation": batchwise_augmentation,
    "unpaired-augmentation": unpaired_augmentation,
}
