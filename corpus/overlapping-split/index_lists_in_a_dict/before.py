# %%
import torch
from torch.nn import BCEWithLogitsLoss, Linear, ReLU, Sequential
from torch.optim import AdamW
from torch.utils.data import DataLoader, Subset, TensorDataset

# %%
torch.manual_seed(42)
cells = torch.randn(240, 8)
sick = (cells.prod(dim=1, keepdim=True) > 0).float()
dataset = TensorDataset(cells, sick)

# %%
rows = list(range(240))
parts = {
    "train": Subset(dataset, rows[:200]),
    "valid": Subset(dataset, rows[190:]),  # bug: overlapping-split
}
loaders = {
    "train": DataLoader(parts["train"], batch_size=40, shuffle=True),
    "valid": DataLoader(parts["valid"], batch_size=25, shuffle=False),
}

# %%
model = Sequential(Linear(8, 32), ReLU(), Linear(32, 1))
optimizer = AdamW(model.parameters(), lr=3e-3)
criterion = BCEWithLogitsLoss()

# %%
for epoch in range(5):
    model.train()
    for xb, yb in loaders["train"]:
        optimizer.zero_grad()
        criterion(model(xb), yb).backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        score = sum(criterion(model(xb), yb).item() for xb, yb in loaders["valid"])
    print(f"{epoch}: {score:.3f}")
