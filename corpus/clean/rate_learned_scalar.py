# One temperature is fitted behind a finished classifier: a single number, quickly found with a high rate.
import torch
from torch import nn


class Temperature(nn.Module):
    def __init__(self):
        super().__init__()
        self.value = nn.Parameter(torch.ones(1))

    def forward(self, logits):
        return logits / self.value


logits, labels = 4 * torch.randn(200, 5), torch.randint(0, 5, (200,))
scale = Temperature()
optimizer = torch.optim.Adam(scale.parameters(), lr=0.3)
for _ in range(40):
    optimizer.zero_grad()
    nn.functional.cross_entropy(scale(logits), labels).backward()
    optimizer.step()
