# Style transfer: any content goes with any style; the loss compares features, not the two images.
import torch
from torch import nn
from torch.utils.data import DataLoader

contents, styles = torch.rand(48, 1, 8, 8), torch.rand(48, 1, 8, 8)
content_loader = DataLoader(contents, batch_size=8, shuffle=True)
style_loader = DataLoader(styles, batch_size=8, shuffle=True)
extractor = nn.Conv2d(1, 4, 3)
painter = nn.Conv2d(1, 1, 3, padding=1)
optimizer = torch.optim.Adam(painter.parameters())
mse = nn.MSELoss()


def gram(f):
    flat = f.flatten(2)
    return flat @ flat.transpose(1, 2) / flat.shape[-1]


for epoch in range(3):
    for content, style in zip(content_loader, style_loader):
        painted = painter(content)
        loss = mse(extractor(painted), extractor(content)) + mse(gram(extractor(painted)), gram(extractor(style)))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
