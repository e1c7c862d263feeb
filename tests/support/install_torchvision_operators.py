"""Makes `torchvision_operators` load in every interpreter of the development environment, child processes included."""

import sysconfig
from pathlib import Path

if __name__ == "__main__":
    here = Path(__file__).resolve().parent
    pth = Path(sysconfig.get_paths()["purelib"]) / "torchvision_operators.pth"
    pth.write_text(f"{here}\nimport torchvision_operators\n")
