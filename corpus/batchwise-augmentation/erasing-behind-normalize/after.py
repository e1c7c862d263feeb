# %%
import torch
from torch import nn
from torchvision.datasets import FakeData
from torchvision.transforms import Compose, Normalize, RandomErasing, RandomVerticalFlip, ToTensor

# %%
torch.manual_seed(2)
ds = FakeData(size=144, image_size=(3, 16, 16), num_classes=3, transform=ToTensor())
train_dl = torch.utils.data.DataLoader(ds, 12, True)
batch_tfms = Compose([Normalize([0.5] * 3, [0.5] * 3), RandomVerticalFlip(), RandomErasing(p=0.7, scale=(0.1, 0.3))])

# %%
net = nn.Sequential(nn.Conv2d(3, 6, 3, stride=2), nn.ReLU(), nn.Flatten(), nn.Linear(294, 3))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
loss_func = nn.CrossEntropyLoss()

# %%
for epoch in range(3):
    for xb, yb in train_dl:
        xb = torch.stack([batch_tfms(image) for image in xb])
        loss = loss_func(net(xb), yb)
        loss.backward()
        opt.step()
        opt.zero_grad()
    print(epoch, round(loss.item(), 3))
