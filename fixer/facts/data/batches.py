"""What loaders yield: the shape and type of each part of a batch, and what is known of the size of batches."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fixer.facts.data.datasets import LOADER, sources, torchvision_dataset
from fixer.facts.modules.forwards import result_of
from fixer.facts.program.following import follow, kept, stand_in
from fixer.facts.program.kinds import Kind, kind
from fixer.facts.program.values import (
    Arguments,
    Choice,
    Imported,
    Items,
    Literal,
    Made,
    Mapping,
    Part,
    Unknown,
    Value,
    options,
)
from fixer.facts.tensors.array_changes import names
from fixer.facts.tensors.array_kinds import Array, Library
from fixer.facts.tensors.arrays import array, is_index
from fixer.facts.tensors.sizes import number, whole
from fixer.facts.transforms.images import image_of, length_of, transformed

_ARGUMENTS = names(
    "dataset batch_size shuffle sampler batch_sampler num_workers collate_fn pin_memory drop_last timeout "
    "worker_init_fn multiprocessing_context generator prefetch_factor persistent_workers pin_memory_device in_order"
)


@dataclass(frozen=True, eq=False)
class Batches:
    """What a `DataLoader` yields. None stands for what is not known."""

    loader: Made
    dataset: Value
    batch_size: int | None
    """The `batch_size` argument; 1 where it is left out. None also where a batch_sampler decides."""
    length: int | None
    """How many samples the dataset has."""
    drop_last: bool | None
    value: Value | None
    """One batch: a tuple or dict of tensors (see `array`), or one tensor."""

    @property
    def size(self) -> int | None:
        """The first dimension of every batch, the last one included."""
        if self.batch_size is None or (self.length is not None and self.length < self.batch_size):
            return self.length if self.batch_size is not None and not self.drop_last else None
        even = self.length is not None and self.length % self.batch_size == 0
        return self.batch_size if even or self.drop_last else None

    @property
    def varies(self) -> bool | None:
        """Whether the last batch is smaller than the others."""
        if self.drop_last or self.size is not None:
            return False
        known = self.length is not None and self.batch_size is not None and self.drop_last is False
        return True if known else None


def batches(loader: Value) -> Batches | None:
    """The batches of a `torch.utils.data.DataLoader`; None: it is none, or it is told how to make batches."""
    if not isinstance(loader, Made) or loader.dotted != LOADER:
        return None
    return kept(loader, "batches", lambda: _batches(loader))


def _batches(loader: Made) -> Batches | None:
    given = loader.arguments
    dataset = given.get(0, "dataset")
    collate = given.get(6, "collate_fn")
    if (
        dataset is None
        or not given.complete
        or not given.keywords.keys() <= _ARGUMENTS
        or not (collate is None or _is_none(collate))
    ):
        return None
    sampler, size = given.get(4, "batch_sampler"), given.get(1, "batch_size")
    own = sampler is not None and not _is_none(sampler)
    count = None if own else 1 if size is None else whole(size)
    last = given.get(8, "drop_last")
    dropped = False if last is None else last.value if isinstance(last, Literal) else None
    samples = given.get(3, "sampler")
    length = dataset_length(dataset) if samples is None or _is_none(samples) else None
    found = Batches(loader, dataset, count, length, bool(dropped) if dropped is not None else None, None)
    if (size is not None and _is_none(size)) or (count is not None and count < 1):
        return None
    item = sample_value(dataset)
    return replace(found, value=_collated(item, found.size) if item is not None else None)


def _is_none(value: Value) -> bool:
    return isinstance(value, Literal) and value.value is None


def dataset_length(dataset: Value, depth: int = 6) -> int | None:
    """How many samples a dataset has."""
    if depth == 0:
        return None
    if isinstance(dataset, Choice):
        lengths = {dataset_length(each, depth - 1) for each in options(dataset)}
        return lengths.pop() if len(lengths) == 1 else None
    if isinstance(dataset, Part) and isinstance(dataset.base, Made) and isinstance(dataset.key, int):
        return _part_length(dataset.base, dataset.key, depth)
    if isinstance(dataset, Items):
        return _count(dataset)
    if not isinstance(dataset, Made):
        return None
    first = dataset.arguments.positional[0] if dataset.arguments.positional else None
    if dataset.dotted == "torch.utils.data.TensorDataset" and first is not None:
        known = array(first)
        return known.shape[0] if known and known.shape else None
    if dataset.dotted == "torch.utils.data.Subset":
        indices = dataset.arguments.get(1, "indices")
        return _count(indices) if indices is not None else None
    if torchvision_dataset(dataset):
        return length_of(dataset)
    if dataset.cls is not None and dataset.cls.find("__len__") is not None:
        followed = follow(dataset, "__len__", Arguments())
        return whole(followed.value) if followed else None
    return None


def _count(indices: Value) -> int | None:
    if isinstance(indices, Items):
        return len(indices.items) if indices.known and not indices.grown else None
    if isinstance(indices, Made) and indices.dotted == "range" and len(indices.arguments.positional) in (1, 2):
        bounds = [whole(each) for each in indices.arguments.positional]
        return None if None in bounds else len(range(*[each for each in bounds if each is not None]))
    known = array(indices)
    return known.shape[0] if known and known.shape else None


def _part_length(base: Made, index: int, depth: int) -> int | None:
    """`train, test = random_split(dataset, [800, 200])`; fractions are rounded down and what is left dealt out."""
    if base.dotted != "torch.utils.data.random_split":
        return None
    lengths = base.arguments.get(1, "lengths")
    if not isinstance(lengths, Items) or not lengths.complete or not -len(lengths.items) <= index < len(lengths.items):
        return None
    known = [number(each) for each in lengths.items]
    if isinstance(known[index], int):
        return whole(lengths.items[index])
    dataset = base.arguments.get(0, "dataset")
    total = dataset_length(dataset, depth - 1) if dataset is not None else None
    if total is None or any(each is None for each in known):
        return None
    parts = [int(total * (each or 0)) for each in known]
    left = total - sum(parts)
    return parts[index] + (1 if index % len(parts) < left else 0)


# -- samples -----------------------------------------------------------------------------------------------------------


def sample_value(dataset: Value) -> Value | None:
    """What `dataset[index]` gives: a tuple, a dict, or one thing."""
    found = [kept(each, "sample", lambda each=each: _sample_value(each)) for each in sources(dataset)]  # type: ignore[misc]
    known = [each for each in found if each is not None]
    if not known or len(known) != len(found):
        return None
    return known[0] if len(known) == 1 else Choice(options=known)


def _sample_value(dataset: Value) -> Value | None:
    from fixer.facts.tensors.arrays import INDEX

    rows = array(dataset)
    if rows is not None and rows.library is Library.TORCH and rows.shape:
        return stand_in(rows.of_shape(rows.shape[1:]))  # a tensor is a dataset of its rows
    if isinstance(dataset, Items) and not dataset.items:
        return dataset.each
    if not isinstance(dataset, Made):
        return None
    index: Value = Unknown(hint="index", annotation=INDEX)
    if torchvision_dataset(dataset):
        return Items(items=[stand_in(image_of(dataset)), Unknown(hint="target", annotation=INDEX)])
    if dataset.cls is not None and kind(dataset) is Kind.DATASET:
        followed = follow(dataset, "__getitem__", Arguments([index]))
        return followed.value if followed else None
    given = dataset.arguments
    if dataset.dotted == "torch.utils.data.TensorDataset" and given.complete and not given.keywords:
        return Items(items=[Part(each.node, base=each, how="subscript", holds=[index]) for each in given.positional])
    return None


def _collated(value: Value, size: int | None) -> Value | None:
    """A batch of such samples, as https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.default_collate."""
    match value:
        case Items(items=items, each=None, complete=True):
            return Items(items=[_collated(each, size) or Unknown() for each in items])
        case Mapping(items=pairs, complete=True):
            return Mapping(items={key: _collated(each, size) or Unknown() for key, each in pairs.items()})
        case Choice():
            return _collated_choice(value, size)
    known = array(value)
    if known is not None and known.library is not Library.PIL:
        shape = (size, *known.shape) if known.shape is not None else None
        return stand_in(Array(Library.TORCH, known.dtype, shape, known.unit, None if shape is not None else known.last))
    plain = "int64" if is_index(value) else _number_type(value)
    return stand_in(Array(Library.TORCH, plain, (size,))) if plain else None


def _number_type(value: Value) -> str | None:
    """The type of a tensor of Python numbers."""
    if isinstance(value, Made) and value.dotted in ("float", "int"):
        return "float64" if value.dotted == "float" else "int64"
    known = number(value)
    return None if known is None else "float64" if isinstance(known, float) else "int64"


def _collated_choice(value: Choice, size: int | None) -> Value | None:
    """A sample that depends on the path. Images cannot be collated, so the path with a tensor is the one meant."""
    several = options(value)
    if all(isinstance(each, Items) for each in several):
        lengths = {len(each.items) for each in several if isinstance(each, Items)}
        if len(lengths) != 1:
            return None
        columns = zip(*(each.items for each in several if isinstance(each, Items)), strict=True)
        return Items(items=[_collated(Choice(options=list(column)), size) or Unknown() for column in columns])
    tensors = [each for each in several if (known := array(each)) is None or known.library is not Library.PIL]
    found = [_collated(each, size) for each in tensors]
    kept_values = [each for each in found if each is not None]
    return Choice(options=kept_values) if kept_values and len(kept_values) == len(found) else None


# -- what stands for what ----------------------------------------------------------------------------------------------


def stands_for(value: Value) -> Value | Array | None:
    """The batch, sample or output that `value` is; for a part of one, that part."""
    if isinstance(value, Made):
        return _output(value)
    if not isinstance(value, Part):
        return None
    if value.how == "element" or (value.how == "subscript" and value.key is None):
        drawn = _drawn(value.base, value.how == "element")
        if drawn is not None:
            return drawn
    if value.how != "subscript":
        return None
    base = _structure(value.base)
    if isinstance(base, Items) and isinstance(value.key, int) and -len(base.items) <= value.key < len(base.items):
        return base.items[value.key] if base.complete and base.each is None else None
    if isinstance(base, Mapping) and isinstance(value.key, str):
        return base.items.get(value.key)
    return _drawn(value.base, looped=False) if isinstance(value.key, int) else None


def _structure(value: Value) -> Value | None:
    """The tuple or dict that `value` is."""
    if isinstance(value, Items | Mapping):
        return value
    found = stands_for(value) if isinstance(value, Made | Part) else None
    if isinstance(found, Made | Part) and found is not value:
        return _structure(found)
    return found if isinstance(found, Items | Mapping | Choice) else None


def _drawn(base: Value, looped: bool) -> Value | None:
    """What a loop over `base`, or an index into it, gives."""
    if isinstance(base, Part) and base.how == "subscript" and isinstance(base.base, Mapping):
        several = list(base.base.items.values())
        base = several[0] if len(several) == 1 else Choice(options=several)
    if isinstance(base, Choice):
        found = [_drawn(each, looped) for each in options(base)]
        known = [each for each in found if each is not None]
        return _common(known) if known and len(known) == len(found) else None
    loader = batches(base) if looped else None
    if loader is not None:
        return loader.value
    return sample_value(base) if isinstance(base, Made) and (kind(base) is Kind.DATASET) else None


def _common(several: list[Value]) -> Value:
    """One value for what several loaders yield."""
    if all(isinstance(each, Items) for each in several):
        columns = zip(*(each.items for each in several if isinstance(each, Items)), strict=False)
        return Items(items=[Choice(options=list(column)) for column in columns])
    return Choice(options=several)


def _output(value: Made) -> Value | Array | None:
    callee = value.callee
    if isinstance(callee, Imported):
        if value.dotted == "next" and value.arguments.positional:
            iterator = value.arguments.positional[0]
            if isinstance(iterator, Made) and iterator.dotted == "iter" and iterator.arguments.positional:
                return _drawn(iterator.arguments.positional[0], looped=True)
        return None
    if kind(callee) is Kind.TRANSFORM and len(value.arguments.positional) == 1:
        known = array(value.arguments.positional[0])
        return transformed(callee, known) if known is not None else None
    return result_of(value)
