# A test takes one step with a rate of 100, so that it can see that the weights move: nothing is trained.
import torch
from torch import nn


class Holder:
    def __init__(self):
        self.model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=100)


def test_weights_move():
    holder = Holder()
    before = holder.model[0].weight.clone()
    holder.model(torch.ones(3, 4)).sum().backward()
    holder.optimizer.step()
    assert not torch.equal(before, holder.model[0].weight)


if __name__ == "__main__":
    test_weights_move()
