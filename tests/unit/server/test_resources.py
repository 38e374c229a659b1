"""Where the files are found that lie beside the packages in a checkout."""

import runpy
import shutil
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_an_installed_server_finds_what_its_wheel_was_packed_with(tmp_path: Path) -> None:
    """The texts and the phone app lie where `pyproject.toml` puts them, and are not looked for in a checkout."""
    packed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    for source, place in packed["sources"].items():
        assert source in packed["only-include"]
        (tmp_path / place).mkdir(parents=True)
    module = shutil.copy(ROOT / "server" / "resources.py", tmp_path / "server")
    found = {name: path for name, path in runpy.run_path(str(module)).items() if name.isupper() and name[0] != "_"}
    assert found == {
        "LOCALES": tmp_path / packed["sources"]["locales"],
        "PHONE_APP": tmp_path / packed["sources"]["pwa/dist"],
    }
