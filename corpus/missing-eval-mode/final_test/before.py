# %%
import torch
import torch.nn as nn

# %% hyper-parameters
num_epochs = 5
batch_size = 50
learning_rate = 0.01

# %% data
features = torch.randn(600, 10)
labels = (features[:, 0] * features[:, 1] > 0).long()
train_dataset = torch.utils.data.TensorDataset(features[:500], labels[:500])
test_dataset = torch.utils.data.TensorDataset(features[500:], labels[500:])
train_loader = torch.utils.data.DataLoader(dataset=train_dataset, batch_size=batch_size, shuffle=True)
test_loader = torch.utils.data.DataLoader(dataset=test_dataset, batch_size=batch_size, shuffle=False)


# %% model
class ConvNet(nn.Module):
    def __init__(self, num_classes=2):
        super(ConvNet, self).__init__()
        self.layer1 = nn.Sequential(nn.Linear(10, 64), nn.BatchNorm1d(64), nn.ReLU())
        self.layer2 = nn.Sequential(nn.Linear(64, 32), nn.BatchNorm1d(32), nn.ReLU())
        self.fc = nn.Linear(32, num_classes)

    def forward(self, x):
        out = self.layer1(x)
        out = self.layer2(out)
        return self.fc(out)


model = ConvNet()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)

# %% train the model
for epoch in range(num_epochs):
    for i, (images, labels) in enumerate(train_loader):
        outputs = model(images)
        loss = criterion(outputs, labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print("Epoch [{}/{}], Loss: {:.4f}".format(epoch + 1, num_epochs, loss.item()))

# %% test the model
with torch.no_grad():
    correct = 0
    total = 0
    for images, labels in test_loader:  # bug: missing-eval-mode
        outputs = model(images)
        _, predicted = torch.max(outputs.data, 1)
        total += labels.size(0)
        correct += (predicted == labels).sum().item()

    print("Test Accuracy of the model: {} %".format(100 * correct / total))
