# An adversarial attack: gradients of the input are wanted and no optimizer is involved.
import torch
from torch import nn


def fgsm(model, image, label, epsilon):
    image = image.clone().requires_grad_(True)
    loss = nn.functional.cross_entropy(model(image), label)
    model.zero_grad()
    loss.backward()
    return (image + epsilon * image.grad.sign()).clamp(0, 1).detach()


model = nn.Sequential(nn.Flatten(), nn.Linear(16, 4)).eval()
for _ in range(5):
    adversarial = fgsm(model, torch.rand(3, 1, 4, 4), torch.randint(0, 4, (3,)), 0.1)
