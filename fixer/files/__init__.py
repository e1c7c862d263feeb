"""Many files: which ones, under which settings, read and written how."""
