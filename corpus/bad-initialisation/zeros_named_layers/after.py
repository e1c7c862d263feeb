import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.init import zeros_, xavier_uniform_


class Regressor(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(8, 24)
        self.fc2 = nn.Linear(24, 24)
        self.fc3 = nn.Linear(24, 1)
        self.reset()

    def reset(self):
        xavier_uniform_(self.fc1.weight)
        zeros_(self.fc1.bias)
        xavier_uniform_(self.fc2.weight)
        zeros_(self.fc2.bias)
        # the output starts at zero
        zeros_(self.fc3.weight)
        zeros_(self.fc3.bias)

    def forward(self, x):
        x = torch.tanh(self.fc1(x))
        x = torch.tanh(self.fc2(x))
        return self.fc3(x)


def main():
    torch.manual_seed(1)
    x = torch.randn(500, 8)
    y = x[:, :1] + 0.5 * x[:, 1:2] * x[:, 2:3]
    model = Regressor()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    for step in range(180):
        batch = torch.randint(0, 500, (50,))
        loss = F.mse_loss(model(x[batch]), y[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print("loss", loss.item())


if __name__ == "__main__":
    main()
