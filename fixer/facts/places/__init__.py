"""Where in the text something can go, and how the file would write it."""
