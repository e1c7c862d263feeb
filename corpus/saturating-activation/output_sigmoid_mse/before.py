import torch
import torch.nn as nn


class ScoreModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(16, 48),
            nn.Sigmoid(),  # bug: saturating-activation
            nn.Linear(48, 4),
            nn.Sigmoid(),
        )

    def forward(self, x):
        return self.layers(x)


torch.manual_seed(0)
features = torch.randn(512, 16)
mixing = torch.randn(16, 4)
scores = (torch.relu(features) @ mixing > 0).float()

model = ScoreModel()
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)

for epoch in range(25):
    order = torch.randperm(len(features))
    for rows in order.split(64):
        optimizer.zero_grad()
        loss = criterion(model(features[rows]), scores[rows])
        loss.backward()
        optimizer.step()
    print(f"epoch {epoch}: {loss.item():.4f}")
