import argparse

import torch
from torch import nn
from torch.optim import SGD


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--iters", type=int, default=80)
    parser.add_argument("--lr", type=float, default=0.1)
    return parser.parse_args()


def main(args):
    amp = torch.cuda.is_available()
    device = torch.device("cuda" if amp else "cpu")
    model = nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 2)).to(device)
    optimizer = SGD(model.parameters(), lr=args.lr, momentum=0.9)
    scaler = torch.amp.GradScaler(device.type, enabled=amp)
    for it in range(args.iters):
        points = torch.rand(64, 2, device=device) * 2 - 1
        inside = (points.norm(dim=1) < 0.75).long()
        optimizer.zero_grad()
        with torch.autocast(device.type, enabled=amp):
            loss = nn.functional.cross_entropy(model(points), inside)
        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        scaler.step(optimizer)
        scaler.update()
        if it % 20 == 0:
            print(f"[{it}/{args.iters}] loss {loss.item():.4f}")


if __name__ == "__main__":
    main(parse())
