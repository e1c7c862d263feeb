import torch
import torch.nn as nn
from torch.amp import GradScaler, autocast
from torch.utils.data import DataLoader, TensorDataset


def train_one_epoch(model, criterion, loader, optimizer, scaler, device, use_amp, max_norm=10.0):
    model.train()
    history = []
    for signal, target in loader:
        signal, target = signal.to(device), target.to(device)
        with autocast(device.type, enabled=use_amp):
            loss = criterion(model(signal), target)
        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
        nn.utils.clip_grad_norm_(model.parameters(), max_norm)
        scaler.step(optimizer)  # bug: missing-zero-grad
        scaler.update()
        history.append(loss.item())
    return sum(history) / len(history)


def run():
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    use_amp = device.type == "cuda"
    phase = torch.rand(300, 1) * 6.28
    time = torch.linspace(0, 6.28, 24)
    waves = torch.sin(time * 2 + phase).unsqueeze(1) + 0.1 * torch.randn(300, 1, 24)
    loader = DataLoader(TensorDataset(waves, torch.cat([phase.sin(), phase.cos()], 1)), batch_size=20, shuffle=True)

    model = nn.Sequential(
        nn.Conv1d(1, 8, 5, padding=2), nn.ReLU(), nn.AvgPool1d(4), nn.Flatten(), nn.Linear(48, 2)
    ).to(device)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    scaler = GradScaler(device.type, enabled=use_amp)
    for epoch in range(6):
        print(epoch, train_one_epoch(model, nn.MSELoss(), loader, optimizer, scaler, device, use_amp))


run()
