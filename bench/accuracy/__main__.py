"""Right where it speaks, silent elsewhere: fixer measured on real code.

    python bench/accuracy [findings|plant|all] TREES... [--rules R,...] [--cap 150] [--misses FILE]

findings: what `fixer check` finds in the trees as they are, each with its lines and with what `judgements.toml` says of
it. plant: bugs put into files of the trees, one at a time, on copies in memory: how many the rules find, and what
`fixer fix --unsafe` makes of them. Not every such change makes a bug that the file shows, so misses are to be read.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import findings
import planting
from planters import PLANTERS

KINDS = ("findings", "plant", "all")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trees", nargs="+", metavar="[findings|plant|all] TREES")
    parser.add_argument("--context", type=int, default=14, help="lines shown above a finding; half as many below")
    parser.add_argument("--rules", default=",".join(PLANTERS), help="plant only bugs of these")
    parser.add_argument("--cap", type=int, default=150, help="bugs of one kind")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--misses", type=Path, help="write the misses here, with the code around them")
    args = parser.parse_args()

    kind = args.trees.pop(0) if args.trees[0] in KINDS else "all"
    chosen = args.rules.split(",")
    if unknown := [rule for rule in chosen if rule not in PLANTERS]:
        parser.error(f"nothing is planted for {', '.join(unknown)}")
    if not args.trees:
        parser.error("name the checkouts to measure on")
    trees = [Path(tree) for tree in args.trees]
    code = findings.report(trees, args.context) if kind != "plant" else 0
    if kind != "findings":
        planting.report(planting.plant(trees, chosen, args.cap, args.seed, args.jobs), args.misses)
    return code


if __name__ == "__main__":
    sys.exit(main())
