# The mask is computed from the image after its flip, so that it is where the image is.
import torch
from torch.utils.data import DataLoader, Dataset
from torchvision.transforms import RandomHorizontalFlip, RandomVerticalFlip


class Saliency(Dataset):
    def __init__(self):
        self.images = torch.rand(60, 1, 10, 10)
        self.flips = torch.nn.Sequential(RandomHorizontalFlip(), RandomVerticalFlip())

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        image = self.flips(self.images[index])
        mask = (image > 0.7).float()
        return image, mask


model = torch.nn.Conv2d(1, 1, 1)
optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
for images, masks in DataLoader(Saliency(), batch_size=10, shuffle=True):
    optimizer.zero_grad()
    torch.nn.functional.binary_cross_entropy_with_logits(model(images), masks).backward()
    optimizer.step()
