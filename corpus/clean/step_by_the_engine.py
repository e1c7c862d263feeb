# The DeepSpeed engine holds the optimizer, and steps with it.
import deepspeed
import torch


def train(args, model, loader):
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
    engine, _, _, _ = deepspeed.initialize(args=args, model=model, optimizer=optimizer)
    for tokens, labels in loader:
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(engine(tokens), labels)
        engine.backward(loss)
        engine.step()
