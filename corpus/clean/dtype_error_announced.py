# A notebook that shows what happens without the conversion: the comment says that it fails.
# %%
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 6 * 6, 2))
images = torch.randint(0, 256, (16, 3, 8, 8), dtype=torch.uint8)
labels = torch.randint(0, 2, (16,))
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)

# %%
for step in range(5):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(images.float() / 255), labels)
    loss.backward()
    optimizer.step()
print(loss.item())

# %%
def in_the_lecture():
    image = images[:1]
    model.eval()
    # try it on the bytes as they are (this will error)
    with torch.no_grad():
        print(model(image))


# %%
def in_the_next_lecture():
    # try to predict for bytes
    with torch.inference_mode():
        model(images[:1])
