# The inner loop tries again with a smaller batch until memory is enough; the step behind it uses the last try.
import torch

model = torch.nn.Linear(6, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
data = torch.randn(512, 6)
size = 256
for update in range(10):
    for attempt in range(4):
        optimizer.zero_grad()
        batch = data[torch.randint(0, len(data), (size,))]
        loss = (model(batch) - batch[:, :1]).abs().mean()
        loss.backward()
        if size <= 128:
            break
        size //= 2
    optimizer.step()
