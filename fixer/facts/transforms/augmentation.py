"""Random changes to samples: in `__getitem__` of a dataset, behind a flag or not, and in pipelines of transforms."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field

from fixer.facts.program.names import dotted_text
from fixer.facts.program.values import Function, Items, Literal, Made, Value
from fixer.facts.program.walk import walk
from fixer.facts.script import Script


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_DRAW = re.compile(
    r"random\.(random|randint|uniform|choice|choices|gauss|normalvariate|randrange|sample|betavariate|getrandbits)$|"
    r"numpy\.random\.(?!seed|default_rng|RandomState|Generator|get_state|set_state)\w+$|"
    r"torch\.(rand|randn|randint|rand_like|randn_like|randint_like|bernoulli|normal|randperm)$"
)
_GENERATOR = re.compile(r"rng|generator|random_state|(^|_)random$", re.IGNORECASE)
_GENERATOR_DRAW = _words("random uniform integers randint normal rand randn choice random_sample permutation")
_HELPER = re.compile(r"aug|jitter|flip|mirror|rotat|shift|distort|warp|cut_?out|erase", re.IGNORECASE)
_GEOMETRY = _words("flip fliplr flipud roll rot90 rotate hflip vflip affine invert adjust_brightness")

# What stands in for a random transform of torchvision at evaluation: nothing, or a crop of the same size.
DROPPED = _words(
    "RandomHorizontalFlip RandomVerticalFlip RandomRotation RandomAffine RandomPerspective ColorJitter RandomGrayscale "
    "RandomErasing RandomInvert RandomPosterize RandomSolarize RandomAdjustSharpness RandomAutocontrast RandomEqualize "
    "AutoAugment RandAugment TrivialAugmentWide AugMix ElasticTransform RandomPhotometricDistort "
    "RandomChannelPermutation RandomApply GaussianNoise"
)
CROPPED = frozenset({"RandomCrop", "RandomResizedCrop"})
_TRANSFORMS = ("torchvision.transforms", "torchvision.transforms.v2")


def transform_name(value: Value) -> str | None:
    """The class name of a torchvision transform."""
    module, _, name = (value.dotted or "").rpartition(".") if isinstance(value, Made) else ("", "", "")
    return name if module in _TRANSFORMS else None


def elements(pipeline: Value) -> list[Value]:
    """The transforms of a `Compose` whose list is written out in the call; else none."""
    if transform_name(pipeline) != "Compose" or not isinstance(pipeline, Made):
        return []
    listed = pipeline.arguments.get(0, "transforms")
    whole = isinstance(listed, Items) and listed.known and not listed.grown
    return listed.items if whole and isinstance(listed, Items) else []


def random_elements(pipeline: Value) -> list[Made]:
    """The random transforms in a `Compose` for which there is something deterministic to put in their place."""
    return [
        each
        for each in elements(pipeline)
        if isinstance(each, Made) and transform_name(each) in DROPPED | CROPPED and _acts(each)
    ]


def _acts(transform: Made) -> bool:
    """Whether a transform is certain to act: not with a probability that something else decides, or that is zero."""
    probability = transform.arguments.get(0 if "Flip" in (transform_name(transform) or "") else None, "p")
    return probability is None or (isinstance(probability, Literal) and probability.value != 0)


@dataclass
class ItemAugmentation:
    """What `__getitem__` of a class does at random."""

    unguarded: list[ast.stmt] = field(default_factory=list)
    """Statements that change the sample at random, whatever the object's attributes say."""
    flags: set[str] = field(default_factory=set)
    """Attributes that other random changes are made dependent on: they happen only where the attribute is true."""
    drawn: list[ast.stmt] = field(default_factory=list)
    """Statements that only draw the numbers for them."""
    certain: bool = False
    """Whether one of `unguarded` at least is what people do to training data: flips, shifts, a change by chance."""
    unsure: bool = False
    """Something is random that is not plainly a change of the sample; then nothing is to be concluded."""


def item_augmentation(script: Script, made: Made) -> ItemAugmentation:
    """Read `__getitem__` of the class of this file that `made` is an instance of."""
    method = made.cls.find("__getitem__") if made.cls else None
    if not isinstance(method, Function) or not isinstance(method.function, ast.FunctionDef):
        return ItemAugmentation(unsure=True)
    reader = _Reader(script, made, method.function)
    reader.block(method.function.body)
    return reader.found


class _Reader:
    def __init__(self, script: Script, made: Made, method: ast.FunctionDef) -> None:
        self.script, self.made, self.method = script, made, method
        self.found = ItemAugmentation()
        self.bound = {each.arg for each in method.args.args}
        self.draws: set[str] = set()
        """Local names that hold a random number."""
        self.derived: dict[str, set[str]] = {}
        """What other names were computed from, so far."""

    @property
    def me(self) -> str:
        return self.method.args.args[0].arg if self.method.args.args else "self"

    def block(self, statements: list[ast.stmt]) -> None:
        behind: str | None = None
        for statement in statements:
            if not self.is_random(statement):
                behind = self._early_return(statement) or behind
                self._plain(statement)
            elif behind is not None:
                self.found.flags.add(behind)
            elif isinstance(statement, ast.If):
                self._if(statement)
            else:
                self._statement(statement)

    def _plain(self, statement: ast.stmt) -> None:
        for node in walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                self.bound.add(node.id)
                if isinstance(statement, ast.Assign):
                    self.derived.setdefault(node.id, set()).update(_names(statement.value))

    def _early_return(self, statement: ast.stmt) -> str | None:
        """The flag of `if not self.train: return ...`; "" where another test ends the method early."""
        if not isinstance(statement, ast.If) or not isinstance(statement.body[-1], ast.Return):
            return None
        test = statement.test
        return (self.flag(test.operand) if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) else "") or ""

    def _if(self, node: ast.If) -> None:
        flag = self.flag(node.test)
        if flag is not None and not any(map(self._chooses, node.body)):
            if self.is_random(node.test) or any(map(self._random_in_itself, node.body)):
                self.found.flags.add(flag)
            self.found.unsure = self.found.unsure or any(map(self.is_random, node.orelse))
        elif self.is_random(node.test):
            if node.orelse or not all(map(self._changes_sample, node.body)):
                self.found.unsure = True
            else:
                self._keep(node, certain=True)
        # any other condition is one that we do not understand: what happens under it is not unguarded

    def _random_in_itself(self, statement: ast.stmt) -> bool:
        """Whether it is random each time it is reached: not under one more condition, `if self.split == "train"`."""
        test = statement.test if isinstance(statement, ast.If) else None
        conditions = test.values if isinstance(test, ast.BoolOp) else [test] if test is not None else []
        return self.is_random(statement) and all(map(self.is_random, conditions))

    def _chooses(self, statement: ast.stmt) -> bool:
        """Whether it takes one of the object's own things at random: `self.files[random.randint(0, n)]`."""
        return any(
            isinstance(each, ast.Subscript)
            and isinstance(each.value, ast.Attribute)
            and self._own(each.value)
            and not isinstance(each.slice, ast.Slice | ast.Tuple)
            and self.is_random(each.slice)
            for each in walk(statement)
        )

    def _changes_sample(self, statement: ast.stmt) -> bool:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                return name in self.bound or (self.is_random(value) and not _names(value) & self.bound - {self.me})
            case ast.AugAssign(target=ast.Name(id=name)):
                return name in self.bound
            case ast.If(orelse=[], body=body):
                return all(map(self._changes_sample, body))
        return False

    def _statement(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.IfExp(test=test)) if self.flag(test):
                self.found.flags.add(self.flag(test) or "")
                self.bound.add(name)
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if not _names(value) & self.bound - {self.me}:
                # a number drawn for later; a sample read at a random place is no change of the sample
                self.draws.add(name)
                self.found.drawn.append(statement)
                self.found.unsure = self.found.unsure or not self._only_draws(value)
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in self.bound & _names(value):
                self._operation(statement, value)
            case ast.AugAssign(target=ast.Name(id=name), value=value) if name in self.bound:
                self._operation(statement, value)
            case _:
                self.found.unsure = True

    def _only_draws(self, value: ast.expr) -> bool:
        return not any(
            isinstance(each, ast.Attribute) and each.attr != "item" and self._own(each) for each in walk(value)
        )

    def _own(self, node: ast.Attribute) -> bool:
        return isinstance(node.value, ast.Name) and node.value.id == self.me and not _GENERATOR.search(node.attr)

    def _operation(self, statement: ast.stmt, value: ast.expr) -> None:
        if isinstance(value, ast.Subscript | ast.IfExp):
            self.found.unsure = True  # a random crop changes the size; a choice has a condition of its own
            return
        self._keep(statement, certain=self._typical(value))

    def _typical(self, value: ast.expr) -> bool:
        for node in walk(value):
            if isinstance(node, ast.Call):
                last = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if last in _GEOMETRY or _HELPER.search(last) or self._transform(node):
                    return True
        return False

    def _keep(self, statement: ast.stmt, certain: bool) -> None:
        changed = {
            each.id for each in walk(statement) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
        }
        returned = {
            name
            for each in walk(self.method)
            if isinstance(each, ast.Return) and each.value
            for name in _names(each.value)
        }
        if any(sources & changed and other in returned - changed for other, sources in self.derived.items()):
            self.found.unsure = True  # the unchanged sample is returned too: the change is the task (denoising)
        self.found.unguarded.append(statement)
        self.found.certain = self.found.certain or certain

    # -- what is random --------------------------------------------------------------------------------------------

    def flag(self, test: ast.expr) -> str | None:
        """The attribute that decides on `test`: `self.train`, `self.train and random.random() < 0.5`."""
        match test:
            case ast.Attribute(value=ast.Name(id=me), attr=name) if me == self.me:
                return name
            case ast.BoolOp(op=ast.And(), values=values):
                others = [each for each in values if not self.is_random(each)]
                return self.flag(others[0]) if len(others) == 1 else None
        return None

    def is_random(self, node: ast.AST) -> bool:
        for each in walk(node):
            if isinstance(each, ast.Name) and each.id in self.draws:
                return True
            if isinstance(each, ast.Call) and (
                is_draw(self.script, each) or self._transform(each) or self._random_helper(each)
            ):
                return True
        return False

    def _transform(self, call: ast.Call) -> bool:
        """A call of a random transform that the class itself makes, and that keeps the size of the sample."""
        value = self.made.attributes.get(call.func.attr) if isinstance(call.func, ast.Attribute) else None
        cls = self.made.cls
        if value is None or cls is None or cls.definition is None or not isinstance(value.node, ast.Call):
            return False
        inside = cls.definition.lineno <= value.node.lineno <= (cls.definition.end_lineno or 0)
        return inside and transform_name(value) in DROPPED

    def _random_helper(self, call: ast.Call) -> bool:
        function = self._helper(call)
        if function is None or not has_draw(self.script, function):
            return False
        if any(isinstance(each, ast.If) and not has_draw(self.script, each.test) for each in walk(function)):
            self.found.unsure = True  # it may consult a flag
        return True

    def _helper(self, call: ast.Call) -> ast.FunctionDef | None:
        match call.func:
            case ast.Attribute(value=ast.Name(id=me), attr=name) if me == self.me and self.made.cls:
                found = self.made.cls.find(name)
            case ast.Name(id=name):
                found = self.script.run.module.values.get(name)
            case _:
                return None
        function = found.function if isinstance(found, Function) else None
        return function if isinstance(function, ast.FunctionDef) else None


def _names(node: ast.AST) -> set[str]:
    return {each.id for each in walk(node) if isinstance(each, ast.Name)}


def is_draw(script: Script, call: ast.Call) -> bool:
    """Whether a call draws a random number."""
    dotted = script.names.dotted(call.func)
    if dotted is not None:
        return _DRAW.match(dotted) is not None
    if isinstance(call.func, ast.Attribute) and call.func.attr in _GENERATOR_DRAW:
        base = dotted_text(call.func.value) or ""
        return _GENERATOR.search(base.rpartition(".")[2]) is not None
    return False


def has_draw(script: Script, node: ast.AST) -> bool:
    return any(isinstance(each, ast.Call) and is_draw(script, each) for each in walk(node))


def augments(script: Script, function: Function) -> bool:
    """Whether a function of the file is one that people call to augment a batch: by its name, and it draws."""
    node = function.function
    return isinstance(node, ast.FunctionDef) and _HELPER.search(node.name) is not None and has_draw(script, node)
