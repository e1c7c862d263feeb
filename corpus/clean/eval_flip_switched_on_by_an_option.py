# Whether test images are flipped is the user's choice, and zero by default: the pipeline is as it was asked for.
import argparse

import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

parser = argparse.ArgumentParser()
parser.add_argument("--flip", action="store_true", help="score mirrored images, too")
args = parser.parse_args([])

test_transform = transforms.Compose(
    [transforms.RandomHorizontalFlip(p=0.5 if args.flip else 0), transforms.ToTensor()]
)
test_set = datasets.FakeData(64, (3, 16, 16), 4, transform=test_transform)
test_loader = DataLoader(test_set, batch_size=16)

model = nn.Sequential(nn.Flatten(), nn.Linear(3 * 16 * 16, 4))
model.eval()
correct = 0
with torch.no_grad():
    for images, labels in test_loader:
        correct += (model(images).argmax(1) == labels).sum().item()
print(f"accuracy {correct / len(test_set):.3f}")
