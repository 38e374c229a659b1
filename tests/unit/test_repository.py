"""The repository speaks of the project alone."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Addresses of package registries and folders of somebody's machine have no place in what is published.
UNWANTED = re.compile(r"registry\.npmjs\.org|pypi\.org/simple|files\.pythonhosted\.org|/home/\w+/|/root/")


def test_no_machine_is_named() -> None:
    """No tracked text file names a package registry's host or an absolute path of a machine."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    found = []
    for name in filter(None, names.decode().split("\0")):
        path = ROOT / name
        if path == Path(__file__) or not path.is_file():
            continue
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # a picture
        found += [f"{name}: {match.group()}" for match in UNWANTED.finditer(text)]
    assert found == []
