import torch

N_FEATURES, N_HIDDEN = 12, 30

model = torch.nn.Sequential(
    torch.nn.Linear(N_FEATURES, N_HIDDEN),
    torch.nn.LeakyReLU(),
    torch.nn.Linear(N_HIDDEN, 1),
)
with torch.no_grad():
    torch.nn.init.kaiming_normal_(model[0].weight, nonlinearity="relu")
    torch.nn.init.xavier_uniform_(model[2].weight)

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
