import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader, TensorDataset

# %%
torch.manual_seed(12)
signals = torch.randn(280, 1, 32)
kinds = (signals.squeeze(1).std(dim=1) > 1).long()
trainloader = DataLoader(TensorDataset(signals[:220], kinds[:220]), batch_size=22, shuffle=True)
testloader = DataLoader(TensorDataset(signals[220:], kinds[220:]), batch_size=20, shuffle=False)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(1, 6, 5)
        self.fc = nn.Linear(6, 2)

    def forward(self, x):
        return self.fc(torch.relu(self.conv(x)).pow(2).mean(dim=2))


net = Net()
criterion = nn.CrossEntropyLoss()
optimizer = optim.Adam(net.parameters(), lr=0.01)

# %%
for epoch in range(4):
    running_loss = 0.0
    for i, (inputs, labels) in enumerate(trainloader, 0):
        optimizer.zero_grad()
        outputs = net(inputs)
        loss = criterion(outputs, labels)
        loss.backward()
        optimizer.step()
        running_loss += loss.item()
    print(f"[{epoch + 1}] loss: {running_loss / len(trainloader):.3f}")

# %%
confusion = torch.zeros(2, 2, dtype=torch.long)
with torch.no_grad():
    for data in testloader:
        images, labels = data
        outputs = net(images)
        _, predicted = torch.max(outputs.data, 1)
        for truth, guess in zip(labels, predicted):
            confusion[truth, guess] += 1
print(confusion.tolist())
