import torch
import torch.nn as nn
import torch.optim as optim
from torchvision import datasets, transforms

# the whole set, of which two kinds of pictures are kept
full = datasets.FakeData(size=120, image_size=(3, 12, 12), num_classes=4,
                         transform=transforms.Compose([
                             transforms.ToTensor(),
                             transforms.Normalize((0.5, 0.5, 0.5),
                                                  (0.25, 0.25, 0.25))
                         ]))

label_map = {0: 0, 2: 1}
two_kinds = [(img, label_map[label])
             for img, label in full
             if label in [0, 2]]

torch.manual_seed(0)
model = nn.Sequential(nn.Conv2d(3, 6, 3), nn.Tanh(), nn.Flatten(), nn.Linear(600, 2))
optimizer = optim.SGD(model.parameters(), lr=1e-2)
loss_fn = nn.CrossEntropyLoss()
train_loader = torch.utils.data.DataLoader(two_kinds, batch_size=16, shuffle=True)

for epoch in range(3):
    for imgs, labels in train_loader:
        loss = loss_fn(model(imgs), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print("Epoch: %d, Loss: %f" % (epoch, float(loss)))
