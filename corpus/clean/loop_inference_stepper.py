# step() of a text generator under no_grad: no optimizer, no loss, no backward.
import torch


class Generator:
    def __init__(self, model):
        self.model, self.tokens = model, [0]

    def step(self):
        with torch.no_grad():
            self.tokens.append(self.model(torch.tensor(self.tokens[-1])).argmax().item())


sampler = Generator(torch.nn.Embedding(7, 7))
for _ in range(10):
    sampler.step()
