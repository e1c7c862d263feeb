from torch import nn, optim, randn, manual_seed

manual_seed(2)
examples = randn(128, 20)
answers = examples[:, :1] - examples[:, 1:2]
BATCH = 16


def train(model, optimizer, criterion, epochs=5):
    for epoch in range(epochs):
        for i in range(0, len(examples), BATCH):
            batch_x = examples[i:i + BATCH]
            batch_y = answers[i:i + BATCH]
            optimizer.zero_grad()
            loss = criterion(model(batch_x), batch_y)
            loss.backward()
            optimizer.step()
        print("epoch", epoch, "loss", loss.item())


net = nn.Sequential(nn.Linear(20, 16), nn.ReLU(), nn.Linear(16, 1))
train(net, optim.SGD(net.parameters(), lr=0.02), nn.MSELoss())
