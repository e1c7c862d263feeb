"""The program as the facts see it: a symbolic interpreter, the values it computes, and the order of events."""
