# Cross-entropy of a single sample: the logits have one dimension, and the target of the same shape holds probabilities.
import torch
from torch import nn

logits = torch.tensor([0.1, 0.2, 0.3])
wanted = torch.tensor([0, 1, 0], dtype=torch.float32)
print(nn.CrossEntropyLoss()(logits, wanted))

layer = nn.Linear(4, 3)
optimizer = torch.optim.SGD(layer.parameters(), lr=0.5)
sample = torch.tensor([1.0, -1.0, 0.5, 2.0])
for step in range(5):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(layer(sample), torch.FloatTensor([0, 0, 1]))
    loss.backward()
    optimizer.step()
    print(step, loss.item())
