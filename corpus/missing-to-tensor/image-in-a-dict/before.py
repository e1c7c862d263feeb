import argparse

import numpy as np
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset
from torchvision.transforms import Compose, RandomResizedCrop, Resize, ToTensor


class Leaves(Dataset):
    def __init__(self, count, image_transform=None):
        rng = np.random.default_rng(count)
        self.pixels = rng.integers(0, 255, (count, 24, 24, 3), dtype=np.uint8)
        self.species = rng.integers(0, 3, count)
        self.image_transform = image_transform

    def __len__(self):
        return len(self.species)

    def __getitem__(self, idx):
        image = Image.fromarray(self.pixels[idx]).convert("RGB")
        if self.image_transform is not None:
            image = self.image_transform(image)
        return {"image": image, "label": int(self.species[idx])}


def run(args):
    train_set = Leaves(120, image_transform=Compose([RandomResizedCrop(args.size)]))  # bug: missing-to-tensor
    eval_set = Leaves(40, image_transform=Compose([Resize(args.size), ToTensor()]))
    train_loader = DataLoader(train_set, shuffle=True, batch_size=20)
    eval_loader = DataLoader(eval_set, batch_size=20)
    model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(3 * args.size**2, 3))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    for epoch in range(args.epochs):
        model.train()
        for batch in train_loader:
            loss = torch.nn.functional.cross_entropy(model(batch["image"]), batch["label"])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            right = sum((model(b["image"]).argmax(1) == b["label"]).sum().item() for b in eval_loader)
        print(f"epoch {epoch}: {right} of {len(eval_set)}")


if __name__ == "__main__":
    torch.manual_seed(0)
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--size", type=int, default=16)
    run(parser.parse_args())
