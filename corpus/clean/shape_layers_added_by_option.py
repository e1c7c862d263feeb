# An option adds a layer in the middle, another is taken out again: which layers there are is decided on the way.
import argparse

import torch
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument("--narrow", action="store_true")
parser.add_argument("--plain", action="store_true")
args = parser.parse_args([])


def trunk(width, plain):
    layers = [nn.Linear(6, width), nn.ReLU()]
    if plain:
        return layers
    layers.append(nn.Linear(width, 2 * width))
    layers.append(nn.ReLU())
    return layers


layers = trunk(8, args.plain)
width = 8 if args.plain else 16
if args.narrow:
    layers.append(nn.Linear(width, 4))
    width = 4
layers.append(nn.Linear(width, 5))
layers.append(nn.Linear(5, 7))
layers.pop()
layers += [nn.Linear(5, 2)]
model = nn.Sequential(*layers)

torch.manual_seed(0)
x = torch.randn(32, 6)
y = (x[:, 0] > 0).long()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for _ in range(5):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
print(loss.item())
