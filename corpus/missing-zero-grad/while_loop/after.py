from torch import manual_seed, rand, randn
from torch.nn import Linear, ReLU, Sequential, SmoothL1Loss
from torch.optim import SGD

manual_seed(3)


def batches(size):
    while True:
        x = rand(size, 2) * 4 - 2
        yield x, (x[:, :1] ** 2 - x[:, 1:]) + 0.01 * randn(size, 1)


mlp = Sequential(Linear(2, 32), ReLU(), Linear(32, 1))
huber = SmoothL1Loss()
sgd = SGD(mlp.parameters(), 0.02)
stream = batches(24)

n_updates = 0
while n_updates < 160:
    x, target = next(stream)
    error = huber(mlp(x), target)
    sgd.zero_grad()
    error.backward()
    sgd.step()
    n_updates += 1
    if n_updates % 40 == 0:
        print(n_updates, round(error.item(), 4))
