"""Shapes, types and numbers that the source determines."""
