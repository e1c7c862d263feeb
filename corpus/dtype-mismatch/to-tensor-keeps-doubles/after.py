import numpy
from torch import nn, optim
from torch.utils.data import DataLoader, Dataset
from torchvision.transforms import ToTensor


class Textures(Dataset):
    def __init__(self, patches, kinds):
        self.patches, self.kinds = patches, kinds
        self.to_tensor = ToTensor()

    def __len__(self):
        return len(self.patches)

    def __getitem__(self, number):
        patch = self.to_tensor(self.patches[number]).float()
        return patch, self.kinds[number]


kinds = numpy.arange(48) % 2
patches = numpy.random.rand(48, 8, 8, 3)
patches[kinds == 1, ::2] += 1

net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(144, 2))
adam = optim.Adam(net.parameters(), lr=0.01)
cross_entropy = nn.CrossEntropyLoss()
for epoch in range(4):
    for patch, kind in DataLoader(Textures(patches, kinds), batch_size=8, shuffle=True):
        adam.zero_grad()
        loss = cross_entropy(net(patch), kind)
        loss.backward()
        adam.step()
    print(epoch, loss.item())
