# For whoever wants equal weights: the name says that it is a constant, and nothing here is trained with it.
from torch import nn


def init_to_constant(module):
    if isinstance(module, nn.Linear):
        nn.init.constant_(module.weight, 0.1)
        nn.init.zeros_(module.bias)


if __name__ == "__main__":
    layer = nn.Linear(2, 2)
    print(layer)
