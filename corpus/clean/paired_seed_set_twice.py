# Both calls of the transform begin from one seed, so that they draw the same numbers.
import torch
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms

augment = transforms.Compose([transforms.RandomAffine(15, translate=(0.1, 0.1)), transforms.RandomHorizontalFlip()])


class Patches(Dataset):
    def __init__(self):
        self.masks = (torch.rand(48, 1, 12, 12) > 0.6).float()
        self.images = torch.rand(48, 1, 12, 12) + self.masks

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        seed = int(torch.randint(0, 2**31, (1,)))
        torch.manual_seed(seed)
        image = augment(self.images[index])
        torch.manual_seed(seed)
        mask = augment(self.masks[index])
        return image, mask


model = torch.nn.Conv2d(1, 1, 3, padding=1)
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for images, masks in DataLoader(Patches(), batch_size=8, shuffle=True):
    optimizer.zero_grad()
    torch.nn.functional.binary_cross_entropy_with_logits(model(images), masks).backward()
    optimizer.step()
