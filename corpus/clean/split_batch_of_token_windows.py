# The usual get_batch of a small GPT: y is x one position later.
import torch
import torch.nn as nn

text = torch.randint(0, 30, (2000,))
n = int(0.9 * len(text))
train_data, val_data = text[:n], text[n:]
block_size, batch_size = 8, 16


def get_batch(split):
    data = train_data if split == "train" else val_data
    ix = torch.randint(len(data) - block_size, (batch_size,))
    x = torch.stack([data[i : i + block_size] for i in ix])
    y = torch.stack([data[i + 1 : i + 1 + block_size] for i in ix])
    return x, y


model = nn.Sequential(nn.Embedding(30, 24), nn.Linear(24, 30))
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
for step in range(30):
    xb, yb = get_batch("train")
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(xb).flatten(0, 1), yb.flatten())
    loss.backward()
    optimizer.step()
print(loss.item())
