import torch

N_FEATURES, N_HIDDEN = 12, 30

model = torch.nn.Sequential(
    torch.nn.Linear(N_FEATURES, N_HIDDEN),
    torch.nn.LeakyReLU(),
    torch.nn.Linear(N_HIDDEN, 1),
)
with torch.no_grad():
    model[0].weight.fill_(0.5)  # bug: bad-initialisation
    model[2].weight.fill_(0.5)

torch.manual_seed(8)
inputs = torch.randn(300, N_FEATURES)
outputs = inputs.abs().sum(dim=1, keepdim=True) / 4

optimizer = torch.optim.RMSprop(model.parameters(), lr=1e-3)
for epoch in range(25):
    for rows in torch.randperm(300).split(50):
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(model(inputs[rows]), outputs[rows])
        loss.backward()
        optimizer.step()
print(f"{loss.item():.4f}")
