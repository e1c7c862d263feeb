# Small regression, whole training part in one batch.
import torch
from torch.nn import Linear, Module, ReLU, MSELoss


class Net(Module):
    def __init__(self):
        super().__init__()
        self.a = Linear(3, 20)
        self.act = ReLU()
        self.b = Linear(20, 1)

    def forward(self, x):
        return self.b(self.act(self.a(x)))


inputs = torch.randn(90, 3)
outputs = inputs @ torch.tensor([[1.0], [-2.0], [0.5]]) + 0.05 * torch.randn(90, 1)

train_inputs = inputs[:60]
train_outputs = outputs[:50]  # bug: misaligned-split
test_inputs = inputs[60:]
test_outputs = outputs[60:]

net = Net()
loss_function = MSELoss()
optimiser = torch.optim.SGD(net.parameters(), lr=0.05)

for i in range(80):
    optimiser.zero_grad()
    predicted = net(train_inputs)
    loss = loss_function(predicted, train_outputs)
    loss.backward()
    optimiser.step()
    if i % 20 == 0:
        print(i, float(loss))

net.eval()
with torch.no_grad():
    print("held out:", float(loss_function(net(test_inputs), test_outputs)))
