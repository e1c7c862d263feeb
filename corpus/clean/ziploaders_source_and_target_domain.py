# Domain adaptation: the classifier sees pairs of the source; the other loader only tells what the target looks like.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

source = TensorDataset(torch.randn(100, 4), torch.randint(0, 2, (100,)))
target = TensorDataset(torch.randn(100, 4) + 1, torch.randint(0, 2, (100,)))
features, head, critic = nn.Linear(4, 8), nn.Linear(8, 2), nn.Linear(8, 1)
optimizer = torch.optim.SGD([*features.parameters(), *head.parameters(), *critic.parameters()], lr=0.05)
ce, bce = nn.CrossEntropyLoss(), nn.BCEWithLogitsLoss()
for epoch in range(3):
    for (xs, ys), (xt, _) in zip(DataLoader(source, 20, shuffle=True), DataLoader(target, 20, shuffle=True)):
        fs, ft = features(xs), features(xt)
        domains = torch.cat([torch.zeros(len(fs), 1), torch.ones(len(ft), 1)])
        loss = ce(head(fs), ys) + bce(critic(torch.cat([fs, ft])), domains)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
