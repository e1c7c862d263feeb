# The test pictures are turned at random to see what training on upright ones is worth: a remark says so.
import torch
import torch.nn as nn
from torchvision import datasets, transforms

train_transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.25,))])

# To see how the network copes with digits that do not stand upright, we apply a random
# rotation of any angle to the test set.
test_transform = transforms.Compose(
    [transforms.ToTensor(), transforms.RandomRotation([0, 360]), transforms.Normalize((0.5,), (0.25,))]
)

torch.manual_seed(4)
train_ds = datasets.FakeData(64, (3, 16, 16), 4, transform=train_transform)
test_ds = datasets.FakeData(32, (3, 16, 16), 4, transform=test_transform, random_offset=1000)
train_loader = torch.utils.data.DataLoader(train_ds, batch_size=16, shuffle=True)
test_loader = torch.utils.data.DataLoader(test_ds, batch_size=16)

net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 4))
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(2):
    for x, y in train_loader:
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        optimizer.step()
    with torch.no_grad():
        print(sum((net(x).argmax(1) == y).sum().item() for x, y in test_loader) / len(test_ds))
