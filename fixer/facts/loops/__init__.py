"""Training loops: updates, losses, learning rates, and which objects belong together."""
