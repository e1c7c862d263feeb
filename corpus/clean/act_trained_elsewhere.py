# The weights come from a file and are only used: they are right for the activations that they were trained with.
import io

import torch
from torch import nn

net = nn.Sequential(nn.Linear(16, 32), nn.Sigmoid(), nn.Linear(32, 32), nn.Sigmoid(), nn.Linear(32, 4), nn.Sigmoid())
stored = io.BytesIO()
torch.save(net.state_dict(), stored)
stored.seek(0)
net.load_state_dict(torch.load(stored))
net.eval()
with torch.no_grad():
    print(net(torch.randn(1, 16)) > 0.5)
