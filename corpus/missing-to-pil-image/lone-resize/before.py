import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms


class Frames(Dataset):
    def __init__(self, frames, speeds, transform):
        self.frames, self.speeds = frames, speeds
        self.transform = transform

    def __getitem__(self, i):
        frame = self.transform(self.frames[i])
        return frame, self.speeds[i]

    def __len__(self):
        return len(self.frames)


def main():
    torch.manual_seed(0)
    rs = np.random.RandomState(0)
    frames = rs.randint(0, 256, (64, 48, 64, 3), dtype="uint8")
    speeds = torch.from_numpy(rs.rand(64).astype("float32"))

    resize = transforms.Resize((12, 16))  # bug: missing-to-pil-image
    loader = DataLoader(Frames(frames, speeds, resize), batch_size=8, shuffle=True)

    net = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(12 * 16 * 3, 1))
    opt = torch.optim.Adam(net.parameters(), lr=1e-3)
    for epoch in range(5):
        for frame, speed in loader:
            opt.zero_grad()
            loss = torch.nn.functional.mse_loss(net(frame.float()).squeeze(1), speed)
            loss.backward()
            opt.step()
        print(f"{epoch}: {loss.item():.3f}")


main()
