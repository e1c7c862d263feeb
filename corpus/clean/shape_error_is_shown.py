# A lesson on shapes: the model that does not fit is tried on purpose, and its error is caught and printed.
import torch
from torch import nn

images, labels = torch.rand(16, 1, 8, 8), torch.randint(0, 3, (16,))
wrong = nn.Linear(64, 3)
try:
    wrong(images)
except RuntimeError as error:
    print("as expected:", error)

right = nn.Sequential(nn.Flatten(), nn.Linear(64, 3))
optimizer = torch.optim.SGD(right.parameters(), lr=0.1)
for _ in range(4):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(right(images), labels)
    loss.backward()
    optimizer.step()
    print(loss.item())
