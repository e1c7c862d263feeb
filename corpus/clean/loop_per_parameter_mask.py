# Between backward and step single gradients are set to zero on purpose, to freeze rows of an embedding.
import torch
from torch import nn

emb = nn.Embedding(10, 4)
frozen = torch.tensor([0, 1, 2])
opt = torch.optim.SGD(emb.parameters(), lr=0.5)
for _ in range(10):
    opt.zero_grad()
    emb(torch.randint(0, 10, (6,))).pow(2).sum().backward()
    emb.weight.grad[frozen] = 0
    opt.step()
