import torch

torch.manual_seed(8)
data = torch.randn(120, 4)
target = data.sum(dim=1, keepdim=True)
model = torch.nn.Linear(4, 1)
opt = torch.optim.SGD(model.parameters(), lr=3e-2)

done = 0
while done < 40:
    total = 0.0
    for part in range(3):
        rows = slice(40 * part, 40 * (part + 1))
        loss = torch.nn.functional.mse_loss(model(data[rows]), target[rows]) / 3
        loss.backward()  # bug: missing-optimizer-step
        total += loss.item()
    opt.zero_grad()
    done += 1
    if done % 10 == 0:
        print(done, round(total, 4))
