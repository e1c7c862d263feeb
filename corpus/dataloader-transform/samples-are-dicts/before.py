import torch
import torch.nn as nn
from torch.utils.data import Dataset, DataLoader
from torchvision import transforms as T


class Scenes(Dataset):
    def __init__(self, n):
        g = torch.Generator().manual_seed(0)
        self.images = torch.rand(n, 3, 24, 24, generator=g)
        self.angles = self.images[:, 0].mean(dim=(1, 2))

    def __len__(self):
        return len(self.images)

    def __getitem__(self, idx):
        return {"image": self.images[idx], "angle": self.angles[idx]}


def build(split, n):
    tfm = T.Compose([T.ColorJitter(brightness=0.2), T.CenterCrop(20)]) if split == "train" else T.CenterCrop(20)
    scenes = Scenes(n)
    return DataLoader(scenes, batch_size=10, shuffle=split == "train", transform=tfm)  # bug: dataloader-transform


if __name__ == "__main__":
    torch.manual_seed(0)
    loader = build("train", 100)
    model = nn.Sequential(nn.Flatten(), nn.Linear(3 * 20 * 20, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for epoch in range(4):
        for batch in loader:
            optimizer.zero_grad()
            prediction = model(batch["image"]).squeeze(1)
            loss = nn.functional.mse_loss(prediction, batch["angle"])
            loss.backward()
            optimizer.step()
        print(epoch, loss.item())
