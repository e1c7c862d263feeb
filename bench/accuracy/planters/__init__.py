"""One planter a rule: the places of a file where the bug can be put in, each with the edits that do it."""

from planters.augmentations import PLANTERS as AUGMENTATIONS
from planters.batches import PLANTERS as BATCHES
from planters.channels import PLANTERS as CHANNELS
from planters.counts import PLANTERS as COUNTS
from planters.graphs import PLANTERS as GRAPHS
from planters.loaders import PLANTERS as LOADERS
from planters.loop import PLANTERS as LOOP
from planters.model import PLANTERS as MODEL
from planters.modes import PLANTERS as MODES
from planters.pipelines import PLANTERS as PIPELINES
from planters.rows import PLANTERS as ROWS
from planters.sizes import PLANTERS as SIZES
from planters.source import Planter
from planters.steps import PLANTERS as STEPS
from planters.types import PLANTERS as TYPES

_ALL = (
    LOOP,
    MODEL,
    PIPELINES,
    AUGMENTATIONS,
    BATCHES,
    LOADERS,
    SIZES,
    ROWS,
    COUNTS,
    GRAPHS,
    TYPES,
    CHANNELS,
    STEPS,
    MODES,
)
PLANTERS: dict[str, Planter] = {rule: planter for several in _ALL for rule, planter in several.items()}
