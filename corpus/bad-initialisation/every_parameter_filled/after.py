import torch
from torch import nn

torch.manual_seed(0)
data = torch.randn(600, 6)
label = (data[:, 0] * data[:, 1] > 0).long()

model = nn.Sequential(nn.Linear(6, 48), nn.ReLU(), nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, 2))

# start small
for p in model.parameters():
    if p.dim() > 1:
        nn.init.kaiming_normal_(p, nonlinearity="relu")

opt = torch.optim.Adam(model.parameters(), lr=3e-3)
for it in range(200):
    idx = torch.randint(0, len(data), (64,))
    opt.zero_grad()
    out = model(data[idx])
    loss = nn.functional.cross_entropy(out, label[idx])
    loss.backward()
    opt.step()
    if it % 50 == 0:
        print(it, loss.item())
