from torch import manual_seed, randn, randint
from torch.nn import CrossEntropyLoss, Linear, ReLU, Sequential
from torch.optim import SGD
from torch.utils.data import DataLoader, TensorDataset

manual_seed(2)
kinds = randint(0, 4, (240,))
readings = randn(240, 5)
readings[:, 0] += 3.0 * kinds

classifier = Sequential(Linear(5, 16), ReLU(), Linear(16, 4))
sgd = SGD(classifier.parameters(), lr=0.05, momentum=0.9)
entropy = CrossEntropyLoss()
for epoch in range(5):
    for kind, reading in zip(DataLoader(kinds, batch_size=40, shuffle=True), DataLoader(readings, batch_size=40, shuffle=True)):  # bug: zip-of-shuffled-loaders
        loss = entropy(classifier(reading), kind)
        sgd.zero_grad()
        loss.backward()
        sgd.step()
    print(epoch, loss.item())
