import numpy as np
import torch
from torch import nn
from torch.utils import data
from torchvision.transforms import v2


class Faces(data.Dataset):
    def __init__(self, faces: np.ndarray, ages: np.ndarray, transform: v2.Transform):
        self.faces = faces
        self.ages = ages
        self.transform = transform

    def __len__(self) -> int:
        return len(self.ages)

    def __getitem__(self, index: int):
        return self.transform(self.faces[index]), torch.tensor(self.ages[index], dtype=torch.float32)


def build_loader(count: int = 60) -> data.DataLoader:
    rng = np.random.default_rng(8)
    faces = rng.integers(0, 256, size=(count, 40, 40, 3), dtype=np.uint8)
    ages = rng.uniform(0, 1, size=count)
    transform = v2.Compose([
        v2.Resize((20, 20), antialias=True),  # bug: missing-to-pil-image
        v2.RandomHorizontalFlip(p=0.5),
        v2.ToImage(),
        v2.ToDtype(torch.float32, scale=True),
    ])
    return data.DataLoader(Faces(faces, ages, transform), batch_size=10, shuffle=True)


def main() -> None:
    torch.manual_seed(0)
    regressor = nn.Sequential(nn.Flatten(), nn.Linear(3 * 20 * 20, 24), nn.ReLU(), nn.Linear(24, 1))
    optimizer = torch.optim.AdamW(regressor.parameters(), lr=1e-3)
    for epoch in range(6):
        for faces, ages in build_loader():
            optimizer.zero_grad()
            loss = nn.functional.smooth_l1_loss(regressor(faces).flatten(), ages)
            loss.backward()
            optimizer.step()
        print(epoch, loss.item())


if __name__ == "__main__":
    main()
