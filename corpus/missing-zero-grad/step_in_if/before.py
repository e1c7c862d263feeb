import torch
import torch.nn.functional as F


class Regressor(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.a = torch.nn.Linear(5, 16)
        self.b = torch.nn.Linear(16, 1)

    def forward(self, x):
        return self.b(F.gelu(self.a(x))).squeeze(1)


model = Regressor()
opt = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.01)

x = torch.randn(400, 5)
y = torch.sin(x[:, 0]) + x[:, 1] * x[:, 2]
skipped = 0

for step in range(150):
    rows = torch.randint(0, len(x), (32,))
    loss = F.mse_loss(model(x[rows]), y[rows])
    loss.backward()
    norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
    if torch.isfinite(norm):
        if step == 0:
            print("first gradient norm", norm.item())
        opt.step()  # bug: missing-zero-grad
    else:
        skipped += 1
    if step % 50 == 49:
        print(step + 1, loss.item(), "skipped", skipped)
