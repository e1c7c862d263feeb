import torch
import torch.nn as nn
import torch.optim as optim


class FraudDetector(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(20, 64)
        self.fc2 = nn.Linear(64, 64)
        self.fc3 = nn.Linear(64, 32)
        self.fc4 = nn.Linear(32, 1)
        self.act = nn.Sigmoid()

    def forward(self, x):
        x = self.act(self.fc1(x))  # bug: saturating-activation
        x = self.act(self.fc2(x))
        x = self.act(self.fc3(x))
        return self.act(self.fc4(x))  # a probability


torch.manual_seed(7)
x = torch.randn(800, 20)
y = ((x[:, 0] + x[:, 1] > 0) ^ (x[:, 2] > 0.5)).float().unsqueeze(1)

model = FraudDetector()
criterion = nn.BCELoss()
optimizer = optim.Adam(model.parameters(), lr=0.002)

model.train()
for it in range(180):
    pick = torch.randint(len(x), (80,))
    optimizer.zero_grad()
    loss = criterion(model(x[pick]), y[pick])
    loss.backward()
    optimizer.step()
    if it % 60 == 59:
        print(it + 1, loss.item())
