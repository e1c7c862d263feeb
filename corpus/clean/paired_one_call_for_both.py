# Image and mask go through one call of a v2 pipeline, which moves both in the same way.
import torch
from torch.utils.data import DataLoader, Dataset
from torchvision import tv_tensors
from torchvision.transforms import v2


class Patches(Dataset):
    def __init__(self, transforms):
        self.masks = (torch.rand(48, 12, 12) > 0.6).long()
        self.images = torch.rand(48, 1, 12, 12) + self.masks.unsqueeze(1)
        self.transforms = transforms

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        image, mask = tv_tensors.Image(self.images[index]), tv_tensors.Mask(self.masks[index])
        return self.transforms(image, mask)


both = v2.Compose([v2.RandomHorizontalFlip(), v2.RandomVerticalFlip()])
model = torch.nn.Conv2d(1, 2, 3, padding=1)
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for images, masks in DataLoader(Patches(both), batch_size=8, shuffle=True):
    optimizer.zero_grad()
    torch.nn.functional.cross_entropy(model(images), masks).backward()
    optimizer.step()
