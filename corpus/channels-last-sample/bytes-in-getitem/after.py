import numpy as np
import torch
import torch.nn as nn
from torch.utils import data
from torchvision import transforms


class Frames(data.Dataset):
    def __init__(self, frames, actions):
        assert len(frames) == len(actions)
        self.frames, self.actions = frames, actions

    def __getitem__(self, index):
        return transforms.functional.to_tensor(self.frames[index]), self.actions[index]

    def __len__(self):
        return len(self.frames)


class Policy(nn.Module):
    def __init__(self, actions):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 8, 8, stride=4), nn.ReLU(), nn.Flatten())
        self.act = nn.Linear(8 * 6 * 6, actions)

    def forward(self, frame):
        return self.act(self.features(frame))


class Imitation:
    def __init__(self, policy, demonstrations):
        self.policy = policy
        self.loader = data.DataLoader(demonstrations, batch_size=15, shuffle=True)
        self.optimizer = torch.optim.Adam(policy.parameters(), lr=3e-4)

    def train(self, rounds):
        for number in range(rounds):
            for frame, action in self.loader:
                self.optimizer.zero_grad()
                loss = nn.functional.cross_entropy(self.policy(frame), action)
                loss.backward()
                self.optimizer.step()
            print(number, loss.item())


torch.manual_seed(1)
state = np.random.RandomState(1)
frames = state.randint(0, 256, size=(60, 28, 28, 3), dtype=np.uint8)
actions = state.randint(0, 4, size=60)
Imitation(Policy(4), Frames(frames, actions)).train(4)
