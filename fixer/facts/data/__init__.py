"""Datasets, loaders, batches and splits: where samples come from, and what they are used for."""
