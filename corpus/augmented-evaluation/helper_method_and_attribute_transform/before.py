import torch
from torch.utils.data import DataLoader, Dataset
import torchvision.transforms as transforms


class MaskedPatches(Dataset):
    def __init__(self, patches, grades, size=16):
        super().__init__()
        self.patches = patches
        self.grades = grades
        self.size = size
        self.flip = transforms.RandomHorizontalFlip()

    def jitter(self, patch):
        gain = 1.0 + 0.2 * (torch.rand(1).item() - 0.5)
        return patch * gain

    def __len__(self):
        return len(self.patches)

    def __getitem__(self, idx):
        patch = self.patches[idx].float() / 255.0
        patch = self.flip(patch)  # bug: augmented-evaluation
        patch = self.jitter(patch)
        return patch, self.grades[idx]


def fake_patches(n, generator):
    grades = torch.rand(n, 1, generator=generator)
    patches = torch.rand(n, 1, 16, 16, generator=generator) * grades.view(-1, 1, 1, 1) * 255
    return patches.to(torch.uint8), grades


def train_one_epoch(model, loader, optimizer, loss_fn):
    model.train()
    for patches, grades in loader:
        optimizer.zero_grad(set_to_none=True)
        loss = loss_fn(model(patches), grades)
        loss.backward()
        optimizer.step()


def validate(model, loader, loss_fn):
    model.eval()
    with torch.inference_mode():
        return torch.stack([loss_fn(model(p), g) for p, g in loader]).mean().item()


def main():
    generator = torch.Generator().manual_seed(1)
    train_ds = MaskedPatches(*fake_patches(96, generator))
    valid_ds = MaskedPatches(*fake_patches(32, generator), size=16)

    train_dl = DataLoader(train_ds, batch_size=12, shuffle=True)
    valid_dl = DataLoader(valid_ds, batch_size=16)

    model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(256, 24), torch.nn.ReLU(), torch.nn.Linear(24, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    loss_fn = torch.nn.MSELoss()
    for epoch in range(5):
        train_one_epoch(model, train_dl, optimizer, loss_fn)
        print(f"epoch {epoch}  validation {validate(model, valid_dl, loss_fn):.5f}")


main()
