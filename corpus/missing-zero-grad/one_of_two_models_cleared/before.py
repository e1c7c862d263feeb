import torch
import torch.nn as nn


class Encoder(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.fc = nn.Linear(size, 12)

    def forward(self, x):
        return torch.relu(self.fc(x))


class Decoder(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.fc = nn.Linear(12, size)

    def forward(self, code):
        return self.fc(code)


def main():
    torch.manual_seed(0)
    samples = torch.randn(160, 8) @ torch.randn(8, 8) / 3
    encoder, decoder = Encoder(8), Decoder(8)
    criterion = nn.MSELoss()
    params = list(encoder.parameters()) + list(decoder.parameters())
    optimizer = torch.optim.SGD(params, lr=0.1)
    for epoch in range(8):
        for i, batch in enumerate(samples.split(16)):
            restored = decoder(encoder(batch))
            loss = criterion(restored, batch)
            decoder.zero_grad()
            loss.backward()
            optimizer.step()  # bug: missing-zero-grad
        print("epoch", epoch, "step", i, loss.item())


if __name__ == "__main__":
    main()
