# Two views of one picture, and a mask that says which tokens to attend to: neither is a place in the picture.
import torch
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms


class Captions(Dataset):
    def __init__(self):
        self.images = torch.rand(48, 3, 10, 10)
        self.tokens = torch.randint(1, 20, (48, 6))
        self.attention_mask = (torch.rand(48, 6) > 0.2).float()
        self.transform = transforms.Compose([transforms.RandomResizedCrop(8, antialias=True), transforms.RandomHorizontalFlip()])

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        first = self.transform(self.images[index])
        second = self.transform(self.images[index])
        return first, second, self.tokens[index], self.attention_mask[index]


picture = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(192, 8))
words = torch.nn.Embedding(20, 8)
optimizer = torch.optim.Adam([*picture.parameters(), *words.parameters()], lr=1e-2)
for first, second, tokens, attend in DataLoader(Captions(), batch_size=12, shuffle=True):
    text = (words(tokens) * attend.unsqueeze(-1)).mean(1)
    one, other = picture(first), picture(second)
    loss = (one - other).pow(2).mean() + (one - text).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
