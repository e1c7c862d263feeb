import torch
from torch import nn, optim
from torchvision import datasets, transforms

BATCH = 64

torch.manual_seed(10)
data = datasets.FakeData(400, (3, 14, 14), 10, transform=transforms.ToTensor())
loader = torch.utils.data.DataLoader(data, batch_size=BATCH, shuffle=True)

mlp = nn.Sequential(nn.Linear(588, 50), nn.ReLU(), nn.Linear(50, 10))
loss_fn = nn.CrossEntropyLoss()
opt = optim.Adam(mlp.parameters(), lr=0.001)

for epoch in range(2):
    for step, (pictures, digits) in enumerate(loader):
        flat = pictures.reshape(pictures.size(0), 588)
        loss = loss_fn(mlp(flat), digits)
        opt.zero_grad()
        loss.backward()
        opt.step()
    print(epoch, step, loss.item())
