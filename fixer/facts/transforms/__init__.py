"""Transforms of samples: what pipelines take and give, and what is random in them."""
