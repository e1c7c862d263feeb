# The backbone is frozen: what it computes records no graph, so that nothing is gained by switching gradients off.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Probe(nn.Module):
    def __init__(self, backbone, classes):
        super().__init__()
        self.backbone = backbone
        self.head = nn.Linear(16, classes)

    def forward(self, x):
        return self.head(self.backbone(x))


data, target = torch.randn(120, 8), torch.randint(0, 3, (120,))
loader_train = DataLoader(TensorDataset(data[:80], target[:80]), batch_size=20, shuffle=True)
loader_test = DataLoader(TensorDataset(data[80:], target[80:]), batch_size=20)

model = Probe(nn.Sequential(nn.Linear(8, 16), nn.ReLU()), 3)
for parameter in model.backbone.parameters():
    parameter.requires_grad = False
optimizer = torch.optim.SGD(model.head.parameters(), lr=0.1)

for epoch in range(3):
    for x, y in loader_train:
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()

embeddings = []
for x, _ in loader_test:
    embeddings.append(model.backbone(x))
print(torch.cat(embeddings).shape)
