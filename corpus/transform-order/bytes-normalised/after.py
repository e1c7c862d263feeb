# %%
import torch
import torchvision.transforms as tt
from torch import nn
from torchvision.datasets import FakeData

# %%
mean, std = [0.5, 0.5, 0.5], [0.25, 0.25, 0.25]
tfm = tt.Compose([tt.PILToTensor(), tt.ConvertImageDtype(torch.float32), tt.Normalize(mean, std)])
ds = FakeData(size=90, image_size=(3, 12, 12), num_classes=3, transform=tfm)
dl = torch.utils.data.DataLoader(ds, batch_size=15, shuffle=True)

# %%
net = nn.Sequential(nn.Flatten(), nn.Linear(432, 3))
opt = torch.optim.SGD(net.parameters(), lr=0.05)

# %%
for epoch in range(4):
    for x, y in dl:
        opt.zero_grad()
        loss = nn.functional.cross_entropy(net(x), y)
        loss.backward()
        opt.step()
    print(epoch, loss.item())
