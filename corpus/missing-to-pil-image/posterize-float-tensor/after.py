import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms as T


class Posters(Dataset):
    def __init__(self, n):
        self.x = torch.rand(n, 3, 16, 16)
        self.y = (self.x.mean((1, 2, 3)) > 0.5).long()
        self.tf = T.Compose([
            T.ToPILImage(),
            T.RandomHorizontalFlip(),
            T.RandomPosterize(bits=3, p=0.5),
            T.ToTensor(),
        ])

    def __len__(self):
        return self.x.size(0)

    def __getitem__(self, i):
        return self.tf(self.x[i]), self.y[i]


torch.manual_seed(9)
loader = DataLoader(Posters(96), batch_size=12, shuffle=True)
model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(4), nn.Flatten(), nn.Linear(64, 2))
optimizer = torch.optim.RMSprop(model.parameters(), lr=1e-3)
for epoch in range(4):
    for x, y in loader:
        optimizer.zero_grad(set_to_none=True)
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
    print(loss.item())
