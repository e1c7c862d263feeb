import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(3)
points = torch.rand(300, 2) * 4 - 2
inside = (points.norm(dim=1) < 1.2).float().unsqueeze(1)
X_train, X_test = points[:240], points[240:]
y_train, y_test = inside[:240], inside[240:]


class CircleModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer_1 = nn.Linear(2, 32)
        self.layer_2 = nn.Linear(32, 32)
        self.layer_3 = nn.Linear(32, 1)

    def forward(self, x):
        x = F.dropout(F.relu(self.layer_1(x)), 0.2, training=self.training)
        x = F.relu(self.layer_2(x))
        return self.layer_3(x)


model_0 = CircleModel()
loss_fn = nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(model_0.parameters(), lr=0.01)

epochs = 60
for epoch in range(epochs):
    model_0.train()
    # 1. forward pass
    y_logits = model_0(X_train)
    # 2. loss, 3. zero grad, 4. backward, 5. step
    loss = loss_fn(y_logits, y_train)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

    # testing
    model_0.eval()
    with torch.inference_mode():
        test_logits = model_0(X_test)
        test_loss = loss_fn(test_logits, y_test)
    if epoch % 20 == 0:
        print(f"Epoch: {epoch} | Loss: {loss:.5f} | Test loss: {test_loss:.5f}")
