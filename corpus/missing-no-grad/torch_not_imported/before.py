from torch import manual_seed, nn, randn
from torch.optim import Adam
from torch.utils.data import DataLoader, TensorDataset

manual_seed(1)
inputs = randn(240, 4)
outputs = inputs.cumsum(dim=1)
train_dl = DataLoader(TensorDataset(inputs[:200], outputs[:200]), batch_size=20, shuffle=True)
dev_dl = DataLoader(TensorDataset(inputs[200:], outputs[200:]), batch_size=20)
lstm = nn.Linear(4, 4)
mse = nn.MSELoss()
adam = Adam(lstm.parameters(), lr=0.03)


def run_epoch():
    for x, y in train_dl:
        adam.zero_grad()
        loss = mse(lstm(x), y)
        loss.backward()
        adam.step()


def dev_loss():
    losses = []
    for x, y in dev_dl:  # bug: missing-no-grad
        losses.append(mse(lstm(x), y).item())
    return sum(losses) / len(losses)


for epoch in range(3):
    run_epoch()
    print(epoch, dev_loss())
