import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


class TinyViT(nn.Module):
    """Patches of 4 x 4 pixels and one token that gathers what they say."""

    def __init__(self, dim=16, classes=3):
        super().__init__()
        self.to_patches = nn.Conv2d(3, dim, kernel_size=4, stride=4)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, dim))
        self.pos = nn.Parameter(torch.randn(1, 5, dim) * 0.02)
        self.block = nn.TransformerEncoderLayer(dim, 4, 32, dropout=0.0, batch_first=True)
        self.head = nn.Linear(dim, classes)

    def forward(self, img):
        x = self.to_patches(img).flatten(2).transpose(1, 2)
        cls_tokens = self.cls_token.expand(x.size(0), -1, -1)
        x = torch.cat((cls_tokens, x), dim=1)
        x = self.block(x + self.pos)
        return self.head(x[:, 0])


def main():
    torch.manual_seed(0)
    labels = torch.randint(0, 3, (100,))
    images = torch.rand(100, 3, 8, 8) + labels.view(-1, 1, 1, 1) * 0.3
    loader = DataLoader(TensorDataset(images, labels), batch_size=24, shuffle=True)
    net = TinyViT()
    optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3)
    for epoch in range(3):
        for img, label in loader:
            loss = nn.functional.cross_entropy(net(img), label)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch}: {loss.item():.3f}")


if __name__ == "__main__":
    main()
