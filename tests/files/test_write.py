import os
import stat
from pathlib import Path

import pytest

from fixer.files import write as module
from fixer.files.write import ChangedMeanwhile, write


def test_content_is_replaced_and_mode_kept(tmp_path: Path) -> None:
    path = tmp_path / "run.py"
    path.write_bytes(b"old\r\n")
    path.chmod(0o754)
    write(path, b"new\r\n", expected=b"old\r\n")
    assert path.read_bytes() == b"new\r\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o754
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_and_its_target_is_written(tmp_path: Path) -> None:
    (tmp_path / "real.py").write_bytes(b"old")
    (tmp_path / "link.py").symlink_to("real.py")
    write(tmp_path / "link.py", b"new", expected=b"old")
    assert (tmp_path / "link.py").is_symlink()
    assert (tmp_path / "real.py").read_bytes() == b"new"


def test_hard_links_go_on_sharing_their_content(tmp_path: Path) -> None:
    one, two = tmp_path / "one.py", tmp_path / "two.py"
    one.write_bytes(b"a much longer old text")
    os.link(one, two)
    write(one, b"short", expected=b"a much longer old text")
    assert two.read_bytes() == b"short"
    assert one.samefile(two)


def test_what_somebody_saved_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"edited by hand")
    with pytest.raises(ChangedMeanwhile):
        write(path, b"fixed", expected=b"as it was read")
    assert path.read_bytes() == b"edited by hand"


@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_failure_half_way_leaves_the_old_file_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException
) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"old")

    def fail(_descriptor: int) -> None:
        raise failure

    monkeypatch.setattr(module.os, "fsync", fail)
    with pytest.raises(type(failure)):
        write(path, b"new", expected=b"old")
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_failure_half_way_through_a_hard_link_is_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = tmp_path / "one.py", tmp_path / "two.py"
    one.write_bytes(b"old text")
    os.link(one, two)
    real, calls = os.write, []

    def write_some(descriptor: int, data: memoryview) -> int:
        calls.append(len(data))
        if len(calls) == 1:
            return real(descriptor, data[:3])
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        return real(descriptor, data)

    monkeypatch.setattr(module.os, "write", write_some)
    with pytest.raises(OSError, match="No space"):
        write(one, b"the new text", expected=b"old text")
    assert two.read_bytes() == b"old text"
