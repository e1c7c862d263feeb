# Test games are counted, not drawn from data: what the few graphs of a game cost is nothing to speak of.
import torch
from torch import nn
from torch.distributions import Categorical

torch.manual_seed(0)
policy = nn.Sequential(nn.Linear(3, 16), nn.Tanh(), nn.Linear(16, 2))
optimizer = torch.optim.Adam(policy.parameters(), lr=0.01)


def test(num_test):
    score = 0.0
    for _ in range(num_test):
        state = torch.randn(3)
        for _ in range(5):
            action = Categorical(logits=policy(state)).sample()
            score += float(action == (state.sum() > 0))
            state = torch.randn(3)
    print(f"mean score {score / num_test:.2f}")


for episode in range(20):
    state = torch.randn(8, 3)
    choice = Categorical(logits=policy(state))
    action = choice.sample()
    reward = (action == (state.sum(1) > 0)).float()
    loss = -(choice.log_prob(action) * (reward - 0.5)).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if episode % 10 == 9:
        test(10)
