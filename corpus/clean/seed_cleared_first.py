# The usual loop, with the wrong one left beside it in comments: cleared, forward, backward, step; then accumulation.
import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader, TensorDataset

data = TensorDataset(torch.randn(96, 5), torch.randint(0, 3, (96,)))
batches = DataLoader(data, batch_size=16, shuffle=True)
classifier = nn.Sequential(nn.Linear(5, 10), nn.ReLU(), nn.Linear(10, 3))
sgd = optim.SGD(classifier.parameters(), lr=0.02)
measure = nn.CrossEntropyLoss()

for epoch in range(3):
    for number, (rows, classes) in enumerate(batches):
        # without the first line:
        # scores = classifier(rows)
        # error = measure(scores, classes)
        # error.backward()
        # sgd.step()
        sgd.zero_grad()
        scores = classifier(rows)
        error = measure(scores, classes)
        error.backward()
        sgd.step()

# on purpose: one step for every two batches
sgd.zero_grad()
for number, (rows, classes) in enumerate(batches):
    (measure(classifier(rows), classes) / 2).backward()
    if number % 2 == 1:
        sgd.step()
        sgd.zero_grad()
