import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(7)
images = torch.rand(64, 16, 16, 3)
brightness = torch.rand(64, 1)

loader = DataLoader(TensorDataset(images, brightness), batch_size=16, shuffle=True)  # bug: channels-last-sample
net = nn.Sequential(
    nn.Conv2d(3, 4, kernel_size=3, padding=1),
    nn.ReLU(),
    nn.AdaptiveAvgPool2d(1),
    nn.Flatten(),
    nn.Linear(4, 1),
)
mse = nn.MSELoss()
sgd = torch.optim.SGD(net.parameters(), lr=0.05)

for epoch in range(5):
    for image, value in loader:
        sgd.zero_grad()
        loss = mse(net(image), value)
        loss.backward()
        sgd.step()
    print(epoch, loss.item())
