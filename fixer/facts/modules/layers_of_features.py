"""Layers of features, normalisations and recurrent layers: what they make of shapes, what they ask of them."""

from __future__ import annotations

from fixer.facts.modules.layer_kinds import Applied, Asks, Misfit, Rule, features, floating, name_of, result, whole_of
from fixer.facts.program.values import Arguments, Literal, Made
from fixer.facts.tensors import array_views as views
from fixer.facts.tensors.array_kinds import Array, Library, Maps, shape_of
from fixer.facts.tensors.sizes import whole

# -- layers of features ------------------------------------------------------------------------------------------------


def _linear(layer: Made, known: Array) -> Applied:
    given = layer.arguments
    wanted, made = whole_of(given, 0, "in_features"), whole_of(given, 1, "out_features")
    shape = (*known.shape[:-1], made) if known.shape else None
    return Applied(result(layer, known, shape, made), features(known, wanted, "in_features") or floating(known))


def _embedding(layer: Made, known: Array) -> Applied:
    given = layer.arguments
    size = whole_of(given, 1, "embedding_dim")
    shape = (*known.shape, size) if known.shape is not None else None
    misfit = Misfit(Asks.DTYPE, "int64", known.dtype) if known.floating else None
    return Applied(
        Array(Library.TORCH, "float32", shape, last=None if shape is not None else size, layer=layer), misfit
    )


def _channel_norm(ranks: tuple[int, ...], position: int, parameter: str) -> Rule:
    def rule(layer: Made, known: Array) -> Applied:
        given = layer.arguments
        wanted = whole_of(given, position, parameter)
        shape = known.shape
        if shape is None and len(ranks) == 1:
            sizes = (None,) * (ranks[0] - 2)  # it takes nothing else
            return Applied(known.of_shape((None, wanted, *sizes)).as_maps(Maps.WINDOWS))
        if shape is None:
            return Applied(known)
        if len(shape) not in ranks:
            return Applied(known.of_shape(None), Misfit(Asks.RANK, ranks[-1], len(shape)))
        if wanted is not None and shape[1] is not None and shape[1] != wanted:
            return Applied(known, Misfit(Asks.CHANNELS, wanted, shape[1], parameter))
        output = known.of_shape((shape[0], shape[1] or wanted, *shape[2:]))
        return Applied(output.as_maps(known.maps), floating(known))

    return rule


def _layer_norm(layer: Made, known: Array) -> Applied:
    given = layer.arguments
    sizes = given.get(0, "normalized_shape")
    wanted = shape_of(sizes) if sizes is not None else None
    if wanted is not None and len(wanted) > 1 and known.shape is not None and len(known.shape) >= len(wanted):
        inner = zip(known.shape[-len(wanted) :], wanted, strict=True)
        sizes_now = tuple(size if old is None else old for old, size in inner)
        return Applied(known.of_shape((*known.shape[: -len(wanted)], *sizes_now)).as_maps(known.maps))
    if wanted is None or len(wanted) != 1:
        return Applied(known)
    return Applied(known, features(known, wanted[0], "normalized_shape") or floating(known))


def _model_size(layer: Made, known: Array) -> Applied:
    """A transformer's layer keeps the shape; the last dimension is its d_model."""
    given = layer.arguments
    return Applied(known, features(known, whole_of(given, 0, "d_model"), "d_model"))


def _flatten(layer: Made, known: Array) -> Applied:
    given = layer.arguments
    start, end = given.get(0, "start_dim"), given.get(1, "end_dim")
    if known.shape is None:
        return Applied(known.of_shape((None, None)) if not given.all() else known.of_shape(None))
    shape = views.flattened(known.shape, whole(start) if start else 1, whole(end) if end else -1)
    return Applied(known.of_shape(shape))


def _unflatten(layer: Made, known: Array) -> Applied:
    given = layer.arguments
    sizes = given.get(1, "unflattened_size")
    wanted = shape_of(sizes) if sizes is not None else None
    if known.shape is None or wanted is None:
        return Applied(known.of_shape(None))
    return Applied(known.of_shape(views.unflattened(known.shape, whole_of(given, 0, "dim"), wanted)))


def _glu(layer: Made, known: Array) -> Applied:
    given = layer.arguments
    dim = given.get(0, "dim")
    place = views.at(whole(dim) if dim else -1, len(known.shape)) if known.shape else None
    if known.shape is None or place is None:
        return Applied(known.of_shape(None))
    size = known.shape[place]
    halved = None if size is None else size // 2
    return Applied(known.of_shape((*known.shape[:place], halved, *known.shape[place + 1 :])))


# -- recurrent layers --------------------------------------------------------------------------------------------------


def _recurrent(memory: bool) -> Rule:
    def rule(layer: Made, known: Array) -> Applied:
        given = layer.arguments
        if "proj_size" in given.keywords:
            return Applied()
        misfit = features(known, whole_of(given, 0, "input_size"), "input_size") or floating(known)
        if known.rank not in (None, 2, 3):
            misfit = Misfit(Asks.RANK, 3, known.rank)
        hidden, twice = whole_of(given, 1, "hidden_size"), _flag(given, "bidirectional")
        directions = None if twice is None else 2 if twice else 1
        width = None if hidden is None or directions is None else hidden * directions
        shape = None if misfit else (*(known.shape or (None,) * 3)[:-1], width)  # an unknown one is taken for a batch
        layers = given.get(2, "num_layers")
        depth = 1 if layers is None else whole(layers)
        first, batch_at = _flag(given, "batch_first"), None
        if known.rank == 3 and first is not None and known.shape:
            batch_at = known.shape[0 if first else 1]
        stacked = None if depth is None or directions is None else depth * directions
        state = (stacked, batch_at, hidden) if known.rank != 2 else (stacked, hidden)
        out = result(layer, known, shape, width)
        last = result(layer, known, state)
        return Applied(None, misfit, (out, (last, last) if memory else last))

    return rule


def _cell(layer: Made, known: Array) -> Applied:
    given = layer.arguments
    hidden = whole_of(given, 1, "hidden_size")
    shape = (*known.shape[:-1], hidden) if known.shape else None
    out = result(layer, known, shape, hidden)
    misfit = features(known, whole_of(given, 0, "input_size"), "input_size")
    return Applied(None, misfit, (out, out)) if name_of(layer) == "LSTMCell" else Applied(out, misfit)


def _flag(given: Arguments, name: str) -> bool | None:
    """A keyword that is False where it is left out; None: not known."""
    places = {"batch_first": 4, "bidirectional": 6}
    value = given.get(places[name], name)
    if value is None:
        return False
    return value.value if isinstance(value, Literal) and isinstance(value.value, bool) else None


FEATURES: dict[str, Rule] = {
    "Linear": _linear,
    "Embedding": _embedding,
    "LayerNorm": _layer_norm,
    "RMSNorm": _layer_norm,
    "TransformerEncoderLayer": _model_size,
    "Flatten": _flatten,
    "Unflatten": _unflatten,
    "GLU": _glu,
    "RNN": _recurrent(memory=False),
    "GRU": _recurrent(memory=False),
    "LSTM": _recurrent(memory=True),
    "RNNCell": _cell,
    "GRUCell": _cell,
    "LSTMCell": _cell,
    "BatchNorm1d": _channel_norm((2, 3), 0, "num_features"),
    "BatchNorm2d": _channel_norm((4,), 0, "num_features"),
    "BatchNorm3d": _channel_norm((5,), 0, "num_features"),
    "GroupNorm": _channel_norm(tuple(range(2, 8)), 1, "num_channels"),
}
