# The samples are float tensors, and transforms.v2 takes them: Normalize may stand before ToImage, which changes nothing.
import torch
from torch.utils.data import DataLoader, Dataset
from torchvision.transforms import v2

pipeline = v2.Compose([v2.Normalize([0.5], [0.25]), v2.RandomHorizontalFlip(), v2.ToImage()])


class Fields(Dataset):
    def __init__(self):
        self.fields = torch.rand(64, 1, 8, 8)

    def __len__(self):
        return len(self.fields)

    def __getitem__(self, index):
        return pipeline(self.fields[index]), int(self.fields[index].mean() > 0.5)


model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(64, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for x, y in DataLoader(Fields(), batch_size=8, shuffle=True):
    optimizer.zero_grad()
    torch.nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()
