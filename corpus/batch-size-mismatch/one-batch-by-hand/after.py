from torch import manual_seed, nn, ones, optim, randn

manual_seed(3)
model = nn.Linear(10, 1)
optimizer = optim.SGD(model.parameters(), lr=0.01)
mse = nn.MSELoss()


def train_step():
    input_data = randn(8, 10)
    target_data = ones(8, 1)
    output = model(input_data)
    loss = mse(output, target_data)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


for step in range(120):
    value = train_step()
    if step % 30 == 0:
        print(step, value)
