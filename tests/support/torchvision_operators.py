"""Lets torchvision import beside a torch build that lacks its compiled operators.

torchvision's wheel registers fake kernels for `torchvision::nms` and `torchvision::qnms` at import, and fails where its
extension does not load. Declaring the two schemas first makes everything but the detection operators work. The
declaration waits for the first `import torchvision`: an interpreter that never asks for it starts as fast as before.
"""

import sys
from importlib.abc import MetaPathFinder


class _DeclareOperators(MetaPathFinder):
    def find_spec(self, fullname, path=None, target=None):  # noqa: ARG002
        if fullname == "torchvision":
            sys.meta_path.remove(self)
            _declare()


def _declare() -> None:
    import torch

    library = torch.library.Library("torchvision", "DEF")
    library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    library.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    _declare.keep = library  # the operators live as long as their library


sys.meta_path.insert(0, _DeclareOperators())
