"""Bugs of how a training loop gets its batches."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from planters.source import Edit, Mutation, Planter, Source, is_int, keyword, leaves, name

_EVALUATION = re.compile(r"test|val|eval|dev")
_SEQUENCES = re.compile(r"\b(n?rnn|lstm|gru|edge_index)\b|hidden_state|torch_geometric|BatchNorm", re.IGNORECASE)
_PICTURES = re.compile(
    r"(Fashion|K|E|Q)?MNIST$|CIFAR100?$|ImageFolder$|DatasetFolder$|ImageNet$|SVHN$|STL10$|LSUN$|CelebA$|USPS$|"
    r"Omniglot$|VOC(Segmentation|Detection)$|Caltech\d+$|Food101$|Flowers102$|OxfordIIITPet$|Places365$"
)
_READS = re.compile(r"\bopen\(|listdir|glob\(|read_\w+\(|\bload\(|loadtxt|loadmat|imread|os\.walk|h5py|scandir")
_ORDERED = re.compile(r"sort|cat\(|concatenate\(|linspace|arange|repeat|\bload\(|read_\w+\(|loadtxt|loadmat")
_MIXED = re.compile(r"shuffle\(|permutation|randperm|random_split|train_test_split|random\.sample|random\.choice")
_TENSOR = re.compile(r"torch\.|Tensor\(|Variable\(|from_numpy|\.float\(\)")


def unbatched_training(source: Source) -> Iterator[Mutation]:
    """Rows of tensors in memory, one for each step: of a loader's tensors, or of those that one step has in whole."""
    if _SEQUENCES.search(source.text):
        return  # one sequence or graph at a time is how they are trained
    for loop in source.training_loops:
        if leaves(loop) or re.search(r"\)\[:, ?\d", source.of(loop)):
            continue  # of one row's output there is no second dimension
        loader = source.resolved(loop.iter)
        if isinstance(loader, ast.Call) and name(loader) == "DataLoader" and loader.args:
            data = source.resolved(loader.args[0])
            if isinstance(data, ast.Call) and name(data) == "TensorDataset" and len(data.args) == 2:
                both = ", ".join(source.of(each) for each in data.args)
                yield loop, [source.put(loop.iter, f"zip({both})")]
        elif isinstance(loader, ast.Call) and name(loader) in ("range", "trange", "tqdm"):
            yield from _row_by_row(source, loop)


def _row_by_row(source: Source, loop: ast.For) -> Iterator[Mutation]:
    """`out = net(x)`, `loss = criterion(out, y)`, and the step, under a loop over the rows of x and y."""
    forward = next((each for each in loop.body if _forward(each)), None)
    step = next((each for each in loop.body if ".step(" in source.of(each) and isinstance(each, ast.Expr)), None)
    if forward is None or step is None or "\t" in source.text or _small(source):
        return
    out, x = _forward(forward) or ("", ast.Name(""))
    first = min(loop.body.index(each) for each in loop.body if each is forward or ".zero_grad(" in source.of(each))
    part = loop.body[first : loop.body.index(step) + 1]
    names = [each for each in (node for one in part for node in ast.walk(one)) if isinstance(each, ast.Name)]
    y = next((each for one in part for each in _compared(one, out)), None)
    if y is None or not all(".backward(" not in source.of(one) or one in part for one in loop.body):
        return
    for data in (x, y):
        known = [source.of(each) for each in source.assigned(data.id)]
        once = sum(1 for each in names if each.id == data.id) == 1
        if (
            not known
            or not once
            or not any(_TENSOR.search(each) for each in known)
            or _is_parameter(source, loop, data.id)
            or _few(source, data.id)
        ):
            return
    index = "i" if all(each.id != "i" for each in names) else "row"
    for sample in (f"[{index}]", f"[{index} : {index} + 1]"):
        yield (
            loop,
            [
                *_indented(source, part, f"for {index} in range(len({x.id})):"),
                source.behind(x, sample),
                source.behind(y, sample),
            ],
        )
    row, label = (each if all(x.id != each for x in names) else f"one_{each}" for each in ("sample", "label"))
    header = f"for {index} in range({x.id}.shape[0]):\n{' ' * (part[0].col_offset + 4)}"
    taken = f"{row}, {label} = {x.id}[{index}], {y.id}[{index}]"
    yield loop, [*_indented(source, part, header + taken), source.put(x, row), source.put(y, label)]


def _forward(statement: ast.stmt) -> tuple[str, ast.Name] | None:
    """The output's name and the input of `out = net(x)`."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=out)], value=ast.Call(func=ast.Name(), args=[ast.Name() as x])):
            return out, x
    return None


def _compared(statement: ast.stmt, out: str) -> Iterator[ast.Name]:
    for node in ast.walk(statement):
        match node:
            case ast.Call(args=[ast.Name(id=first), ast.Name() as second]) if first == out:
                yield second


def _is_parameter(source: Source, node: ast.AST, name: str) -> bool:
    functions = [each for each in source.above(node) if isinstance(each, ast.FunctionDef)]
    return any(isinstance(each, ast.arg) and each.arg == name for one in functions for each in ast.walk(one.args))


def _few(source: Source, data: str, depth: int = 4) -> bool:
    """Whether the file makes these rows itself, and fewer than 64: `[i for i in range(11)]`, `torch.randn(10, 3)`."""
    for node in (each for value in source.assigned(data) for each in ast.walk(value)):
        if isinstance(node, ast.Name) and node.id != data and depth and _few(source, node.id, depth - 1):
            return True
        drawn = node.generators[0].iter if isinstance(node, ast.ListComp) else node
        if isinstance(drawn, ast.Call) and name(drawn) in ("range", "arange", "linspace", "rand", "randn"):
            made = isinstance(node, ast.ListComp) or name(drawn) != "range"
            count = drawn.args[2:3] if name(drawn) == "linspace" else drawn.args[:1] if len(drawn.args) == 1 else []
            if name(drawn) in ("rand", "randn"):
                count = drawn.args[:1]
            if made and count and is_int(count[0]) and count[0].value < 64:  # type: ignore[attr-defined]
                return True
    return False


def _small(source: Source) -> bool:
    """Whether the data are a handful of rows that the file writes out: for those one step a row is no waste."""
    rows = [node for node in source.nodes if isinstance(node, ast.List) and node.elts]
    return any(
        isinstance(each.elts[0], ast.List | ast.Tuple)
        or (isinstance(each.elts[0], ast.Constant) and " " in str(each.elts[0].value))
        for each in rows
    )


def _indented(source: Source, part: list[ast.stmt], header: str) -> list[Edit]:
    start = source.span(part[0])[0]
    lines = range(part[0].lineno + 1, (part[-1].end_lineno or part[-1].lineno) + 1)
    deeper = [(source.starts[line - 1], source.starts[line - 1], b"    ") for line in lines]
    return [(start, start, f"{header}\n{' ' * (part[0].col_offset + 4)}".encode()), *deeper]


def unshuffled_training_loader(source: Source) -> Iterator[Mutation]:
    """The loader of training data shuffles no longer, where the samples have an order of their own."""
    text = source.text
    if "backward(" not in text or ".step(" not in text or "torch_geometric" in text or "epoch" not in text.lower():
        return
    for call in source.calls("DataLoader"):
        flag, target = keyword(call, "shuffle"), source.of(source.statement(call)).partition("=")[0]
        data = call.args[0] if call.args else keyword(call, "dataset")
        if not isinstance(flag, ast.Constant) or flag.value is not True or _EVALUATION.search(target):
            continue
        if _has_an_order(source, data) and _trains_on(source, call, target.strip()):
            yield call, [source.without_argument(call, "shuffle")]


def _has_an_order(source: Source, data: ast.expr | None) -> bool:
    """Whether the samples come by class, by file or one set behind the other, going by the dataset's name."""
    several = source.assigned(data.id) if isinstance(data, ast.Name) else [data]
    if isinstance(data, ast.Name) and _is_split(source, data.id):
        return False
    return bool(several) and all(isinstance(each, ast.Call) and _orders(source, each) for each in several)


def _is_split(source: Source, data: str) -> bool:
    """Whether the name, or rows in its making, are what a random split gives."""
    splits = (
        x
        for x in source.nodes
        if isinstance(x, ast.Assign) and re.search(r"random_split\(|train_test_split\(", source.of(x.value))
    )
    targets = (each for x in splits for target in x.targets for each in ast.walk(target))
    return any(isinstance(x, ast.Name) and x.id == data for x in targets)


def _orders(source: Source, made: ast.Call) -> bool:
    if _PICTURES.match(name(made)):
        return "torchvision" in source.text
    if name(made) == "ConcatDataset":
        return True
    if re.search(r"random_split\(|train_test_split\(|\.sample\(frac", source.text):
        return False  # perhaps of these very rows
    if name(made) == "TensorDataset":
        return any(_ORDERED.search(source.of(source.resolved(each) or each)) for each in made.args)
    for node in source.nodes:
        if isinstance(node, ast.ClassDef) and node.name == name(made):
            body = source.of(node)
            return _READS.search(body) is not None and not _MIXED.search(body)
    return False


def _trains_on(source: Source, call: ast.Call, loader: str) -> bool:
    """Whether something draws from it for more than one epoch, and no loop over its name does without training."""
    once = [x for x in source.calls("range", "trange") if x.args and _once(source, x)]
    if once or not _is_drawn_from(source, call, loader):
        return False
    first, end = _span(source, call, loader)
    loops = [node for node in source.nodes if isinstance(node, ast.For) and loader in _words(source.of(node.iter))]
    # the cells of a notebook make a loader again and again, some of them only to look at its pictures
    own = [x for x in loops if first < x.lineno < end or any(isinstance(y, ast.FunctionDef) for y in source.above(x))]
    return not loops or any(".backward(" in source.of(each) for each in own)


def _span(source: Source, call: ast.Call, loader: str) -> tuple[int, int]:
    """The lines between which the name stands for what the call makes."""
    first = source.statement(call).lineno
    anew = [x.lineno for x in source.nodes if isinstance(x, ast.Assign) and loader in map(ast.unparse, x.targets)]
    return first, min((line for line in anew if line > first), default=10**9)


def _is_drawn_from(source: Source, call: ast.Call, loader: str) -> bool:
    """Whether the file loops over it, hands it to a function, returns it or keeps it, before the name is given anew."""
    first, (_, end) = source.statement(call), _span(source, call, loader)
    for node in source.nodes:
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load) and source.of(node) == loader:
            inside = first.lineno < node.lineno < end or any(isinstance(x, ast.FunctionDef) for x in source.above(node))
            by = source.parents[node]
            looked_at = isinstance(by, ast.Attribute | ast.Expr | ast.Tuple) or (
                isinstance(by, ast.Call) and name(by) in ("iter", "len", "print", "type")
            )
            if inside and not (looked_at and not isinstance(source.statement(node), ast.Return)):
                return True
    return isinstance(first, ast.Return)


def _once(source: Source, call: ast.Call) -> bool:
    """`range(1)`, `range(1, 2)`, `range(1, n + 1)` with an `n` of 1."""
    first, last = (call.args[0] if len(call.args) > 1 else None), call.args[min(len(call.args), 2) - 1]
    if first is None or not _is_one(first):
        return _is_one(source.resolved(last))
    if isinstance(last, ast.BinOp) and isinstance(last.op, ast.Add) and _is_one(last.right):
        return _is_one(source.resolved(last.left))
    return isinstance(last, ast.Constant) and last.value == 2


def _is_one(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value == 1


def _words(text: str) -> set[str]:
    return set(re.findall(r"[\w.]+", text))


PLANTERS: dict[str, Planter] = {
    "unbatched-training": unbatched_training,
    "unshuffled-training-loader": unshuffled_training_loader,
}
