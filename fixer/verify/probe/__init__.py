"""What runs inside the user's interpreter: the standard library and torch only, Python 3.9 and torch 2.1 upward.

`zygote.py` is started as a script and loads this package by path under a private name, so that no module of the
user's can take its place, nor it theirs.
"""
