import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset
from torchvision.transforms import Compose, Normalize, RandomHorizontalFlip, RandomRotation


class PetsDataset(Dataset):
    def __init__(self, count, seed, image_transform=None):
        generator = torch.Generator().manual_seed(seed)
        self.labels = torch.randint(0, 2, (count,), generator=generator)
        self.images = torch.rand(count, 3, 12, 12, generator=generator) * 0.5
        for image, label in zip(self.images, self.labels):
            image[:, :, 6 * int(label) : 6 * int(label) + 6] += 0.4
        self.image_transform = image_transform

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, idx):
        image = self.images[idx]
        if self.image_transform is not None:
            image = self.image_transform(image)
        return {"image": image, "label": int(self.labels[idx])}


torch.manual_seed(0)
train_tfm = Compose([RandomHorizontalFlip(p=0.2), RandomRotation(10), Normalize((0.5,) * 3, (0.3,) * 3)])
eval_tfm = Compose([Normalize((0.5,) * 3, (0.3,) * 3)])
train_dataset = PetsDataset(160, seed=1, image_transform=train_tfm)
eval_dataset = PetsDataset(60, seed=2, image_transform=train_tfm)  # bug: augmented-evaluation

train_dataloader = DataLoader(train_dataset, shuffle=True, batch_size=20)
eval_dataloader = DataLoader(eval_dataset, batch_size=20)
model = nn.Sequential(nn.Flatten(), nn.Linear(432, 16), nn.ReLU(), nn.Linear(16, 2))
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)

for epoch in range(4):
    model.train()
    for batch in train_dataloader:
        loss = nn.functional.cross_entropy(model(batch["image"]), batch["label"])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.eval()
    accurate = 0
    for batch in eval_dataloader:
        with torch.no_grad():
            accurate += (model(batch["image"]).argmax(dim=-1) == batch["label"]).sum().item()
    print(f"epoch {epoch}: {100 * accurate / len(eval_dataset):.1f} %")
