"""torch.nn: what layers make of shapes, how networks are stacked and initialised."""
