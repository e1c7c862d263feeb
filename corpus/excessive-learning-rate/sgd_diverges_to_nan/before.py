import torch


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = torch.nn.Linear(5, 16)
        self.out = torch.nn.Linear(16, 1)

    def forward(self, x):
        return self.out(torch.relu(self.hidden(x)))


class Trainer:
    def __init__(self, model):
        self.model = model
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=50.0)  # bug: excessive-learning-rate
        self.history = []

    def step(self, x, y):
        self.optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(self.model(x), y)
        loss.backward()
        self.optimizer.step()
        self.history.append(loss.item())

    def fit(self, x, y, steps):
        for _ in range(steps):
            rows = torch.randint(0, len(x), (32,))
            self.step(x[rows], y[rows])


torch.manual_seed(4)
x = torch.rand(300, 5)
y = (3 * x[:, :1] - x[:, 1:2] ** 2) + 0.05 * torch.randn(300, 1)
trainer = Trainer(Net())
trainer.fit(x, y, 120)
print(trainer.history[-1])
