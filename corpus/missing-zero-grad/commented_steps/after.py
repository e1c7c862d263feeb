import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader, TensorDataset


class Classifier(nn.Module):
    def __init__(self, n_in, n_classes):
        super(Classifier, self).__init__()
        self.hidden = nn.Linear(n_in, 32)
        self.out = nn.Linear(32, n_classes)

    def forward(self, x):
        return self.out(torch.relu(self.hidden(x)))


num_epochs = 5
centers = 2.0 * torch.randn(4, 10)
labels_all = torch.randint(0, 4, (320,))
inputs_all = centers[labels_all] + torch.randn(320, 10)
train_loader = DataLoader(TensorDataset(inputs_all, labels_all), batch_size=20, shuffle=True)

model = Classifier(10, 4)
optimizer = optim.SGD(model.parameters(), lr=0.05)
criterion = nn.CrossEntropyLoss()

for epoch in range(num_epochs):
    for i, (inputs, labels) in enumerate(train_loader):
        # 1. predictions
        outputs = model(inputs)

        # 2. loss
        loss = criterion(outputs, labels)

        optimizer.zero_grad()
        # 3. gradients
        loss.backward()

        # 4. new weights
        optimizer.step()

        if i % 8 == 0:
            print(f"[{epoch}, {i:2d}] {loss.item():.3f}")
