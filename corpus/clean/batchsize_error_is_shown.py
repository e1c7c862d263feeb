# A lesson on batches: the loss of 6 inputs and 4 targets is tried without a step, and its error is printed.
import torch
import torch.nn.functional as F

head = torch.nn.Linear(3, 2)
try:
    F.cross_entropy(head(torch.randn(6, 3)), torch.randint(0, 2, (4,)))
except ValueError as refusal:
    print("as expected:", refusal)

optimizer = torch.optim.SGD(head.parameters(), lr=0.1)
for _ in range(5):
    loss = F.cross_entropy(head(torch.randn(6, 3)), torch.randint(0, 2, (6,)))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
