import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Dataset

torch.manual_seed(42)
images = torch.randn(240, 1, 6, 6)
labels = torch.randint(0, 6, (240,))
images += labels.view(-1, 1, 1, 1) * 1.5
kept = {}

backbone = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.Flatten()).eval()


@torch.no_grad()
def extract_features(pictures, key):
    if key not in kept:
        extracted = torch.cat([backbone(part) for part in pictures.split(60)], dim=0)
        kept[key] = extracted
    else:
        extracted = kept[key]
    return extracted


feats = extract_features(images, "train")

# %% half of them for validation
order = torch.argsort(torch.rand(240))
val_indices = order[:120]
train_indices = order[120:]
train_feats, train_labels = feats[train_indices], labels[train_indices]
val_feats, val_labels = feats[val_indices], labels[val_indices]


class Features(Dataset):
    def __init__(self, img_feats, labels):
        super().__init__()
        self.img_feats = img_feats
        self.labels = labels
        self.num_labels = int(labels.max()) + 1

    def __len__(self):
        return self.img_feats.shape[0]

    def __getitem__(self, idx):
        return self.img_feats[idx], self.labels[idx]


loader = DataLoader(Features(train_feats, train_labels), batch_size=20, shuffle=True)
head = nn.Linear(128, 6)
optimizer = torch.optim.Adam(head.parameters(), lr=0.01)
for epoch in range(4):
    for batch, target in loader:
        loss = nn.functional.cross_entropy(head(batch), target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        hits = (head(val_feats).argmax(1) == val_labels).float().mean()
    print(f"{epoch}: {loss.item():.3f} {hits.item():.2f}")
