# The encoder is given to the optimizer, but frozen: only the decoder has gradients, and those are cleared.
import torch
from torch import nn

encoder, decoder = nn.Linear(6, 4), nn.Linear(4, 6)
for parameter in encoder.parameters():
    parameter.requires_grad = False
optimizer = torch.optim.Adam(list(encoder.parameters()) + list(decoder.parameters()), lr=0.01)
for x in torch.randn(120, 6).split(12):
    decoder.zero_grad()
    loss = nn.functional.mse_loss(decoder(encoder(x)), x)
    loss.backward()
    optimizer.step()
