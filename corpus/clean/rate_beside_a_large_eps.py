# With an eps of 1 far above the gradients Adam takes steps like those of SGD, for which 0.5 is no high rate.
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(300, 6)
y = (x[:, :1] > 0).float()
net = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 1))
optimizer = torch.optim.Adam(net.parameters(), lr=0.5, eps=1.0)
for epoch in range(5):
    for part in torch.randperm(300).split(30):
        optimizer.zero_grad()
        loss = nn.functional.binary_cross_entropy_with_logits(net(x[part]), y[part])
        loss.backward()
        optimizer.step()
