import torch
from torch.distributions import Categorical


class Corridor:
    """Walk right to the goal; every step costs a little."""

    def __init__(self, length=5):
        self.length = length

    def reset(self):
        self.position, self.time = 0, 0
        return self._observe()

    def step(self, action):
        self.position = max(0, self.position + (1 if action == 1 else -1))
        self.time += 1
        at_goal = self.position == self.length
        return self._observe(), 1.0 if at_goal else -0.05, at_goal or self.time >= 25

    def _observe(self):
        return torch.nn.functional.one_hot(torch.tensor(self.position), 32).float()


class Agent:
    def __init__(self, gamma=0.95):
        self.gamma = gamma
        self.policy = torch.nn.Sequential(torch.nn.Linear(32, 16), torch.nn.Tanh(), torch.nn.Linear(16, 2))
        self.optim = torch.optim.SGD(self.policy.parameters(), lr=0.02)
        self.log_probs, self.rewards = [], []

    def act(self, state):
        dist = Categorical(logits=self.policy(state))
        action = dist.sample()
        self.log_probs.append(dist.log_prob(action))
        return action.item()

    def learn(self):
        ret, returns = 0.0, []
        for r in reversed(self.rewards):
            ret = r + self.gamma * ret
            returns.insert(0, ret)
        loss = -(torch.stack(self.log_probs) * torch.tensor(returns)).mean()
        loss.backward()
        self.optim.step()  # bug: missing-zero-grad
        self.log_probs.clear()
        self.rewards.clear()


def run(episodes=70):
    env, agent = Corridor(), Agent()
    for episode in range(episodes):
        state, done, score = env.reset(), False, 0.0
        while not done:
            state, reward, done = env.step(agent.act(state))
            agent.rewards.append(reward)
            score += reward
        agent.learn()
        if episode % 14 == 0:
            print(f"episode {episode}: {score:.2f}")


if __name__ == "__main__":
    run()
