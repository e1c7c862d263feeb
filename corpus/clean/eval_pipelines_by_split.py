# Pipelines in a dict by split, both right: the entry for validation crops in the middle.
import torch
from torch import nn
from torchvision import transforms

SIZE = 12
TRANSFORMS = {
    "train": transforms.Compose([transforms.RandomCrop(SIZE), transforms.RandomHorizontalFlip()]),
    "val": transforms.Compose([transforms.CenterCrop(SIZE)]),
}


class Split(torch.utils.data.Dataset):
    def __init__(self, split, count):
        self.pictures = torch.rand(count, 1, 16, 16)
        self.labels = (self.pictures[:, 0, 8, 8] > 0.5).long()
        self.transform = TRANSFORMS[split]

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        return self.transform(self.pictures[index]), self.labels[index]


loaders = {
    split: torch.utils.data.DataLoader(Split(split, count), batch_size=8)
    for split, count in (("train", 32), ("val", 16))
}
net = nn.Sequential(nn.Flatten(), nn.Linear(SIZE * SIZE, 2))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for epoch in range(3):
    for phase in ("train", "val"):
        net.train(phase == "train")
        for pictures, labels in loaders[phase]:
            with torch.set_grad_enabled(phase == "train"):
                loss = nn.functional.cross_entropy(net(pictures), labels)
            if phase == "train":
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
        print(epoch, phase, loss.item())
