import torch
from torch.utils.data import DataLoader, TensorDataset

HOLD_OUT = 40


def build_data():
    torch.manual_seed(11)
    signal = torch.randn(220, 1, 16)
    energy = signal.pow(2).mean(dim=(1, 2)).unsqueeze(1)
    return signal, energy


def build_loaders(signal, energy, batch_size=20):
    train = TensorDataset(signal[:-HOLD_OUT], energy[:-HOLD_OUT])
    held_out = TensorDataset(signal[-HOLD_OUT:], energy[-HOLD_OUT:])
    return DataLoader(train, batch_size, shuffle=True), DataLoader(held_out, batch_size)


def train_epoch(model, loader, optimizer):
    model.train()
    running = 0.0
    for sig, e in loader:
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(model(sig), e)
        loss.backward()
        optimizer.step()
        running += loss.item()
    return running / len(loader)


def evaluate(model, loader):
    model.eval()
    with torch.no_grad():
        return sum(torch.nn.functional.mse_loss(model(sig), e).item() for sig, e in loader) / len(loader)


def main():
    signal, energy = build_data()
    train_loader, held_out_loader = build_loaders(signal, energy)
    model = torch.nn.Sequential(
        torch.nn.Conv1d(1, 8, 5),
        torch.nn.ReLU(),
        torch.nn.Flatten(),
        torch.nn.Linear(8 * 12, 1),
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    for epoch in range(5):
        print(epoch, train_epoch(model, train_loader, optimizer), evaluate(model, held_out_loader))


main()
