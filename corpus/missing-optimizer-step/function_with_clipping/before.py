import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def train_one_epoch(model, loader, criterion, optimizer, max_norm=1.0):
    model.train()
    total = 0.0
    for features, labels in loader:
        logits = model(features)
        loss = criterion(logits, labels)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # bug: missing-optimizer-step
        nn.utils.clip_grad_norm_(model.parameters(), max_norm)  # keeps spikes away
        total += loss.item() * len(labels)
    return total / len(loader.dataset)


def main():
    torch.manual_seed(3)
    labels = torch.randint(0, 3, (240,))
    features = nn.functional.one_hot(labels, 3).float().repeat(1, 2) + 0.3 * torch.randn(240, 6)
    loader = DataLoader(TensorDataset(features, labels), batch_size=24, shuffle=True)
    model = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 3))
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    for epoch in range(6):
        mean = train_one_epoch(model, loader, criterion, optimizer)
        print(f"epoch {epoch + 1}: {mean:.4f}")


if __name__ == "__main__":
    main()
