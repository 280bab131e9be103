"""See that Qt's system libraries load; where they are missing, install them, or say which line does. For the Makefile.

Exit status: 0 all there; 3 only those for a window on a screen are missing; 1 Qt cannot be loaded at all.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ALWAYS = ("libglib2.0-0", "libgl1", "libegl1", "libfontconfig1", "libxkbcommon0", "libdbus-1-3")
SCREEN = ("libxcb-cursor0", "libxkbcommon-x11-0", "libxcb-icccm4", "libxcb-keysyms1", "libxcb-shape0")
LOAD_QT = "import PySide6.QtGui, PySide6.QtWidgets, PySide6.QtSvg"
LOAD_X = """
import ctypes, pathlib, PySide6.QtGui
ctypes.CDLL(str(pathlib.Path(PySide6.__file__).parent / "Qt" / "plugins" / "platforms" / "libqxcb.so"))
"""


def main() -> int:
    if not sys.platform.startswith("linux"):
        return 0  # Qt's packages for macOS and Windows bring all they need
    if loads(LOAD_QT) and loads(LOAD_X):
        return 0
    install()
    if not loads(LOAD_QT):
        print(f"Qt cannot be loaded without system libraries. {advice()}", file=sys.stderr)
        return 1
    if not loads(LOAD_X):
        print(f"A window on a screen needs system libraries that are missing. {advice()}", file=sys.stderr)
        return 3
    return 0


def loads(source: str) -> bool:
    return subprocess.run([sys.executable, "-c", source], capture_output=True, check=False).returncode == 0


def install() -> None:
    """With apt-get, where there is one and we are root; else nothing."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print("Installing the system libraries that Qt needs:", " ".join(ALWAYS + SCREEN), flush=True)
    if not any(Path("/var/lib/apt/lists").glob("*_Packages*")):
        apt_get("update")
    if not apt_get("install"):
        apt_get("update")  # old lists name versions that are gone
        apt_get("install")


def apt_get(action: str) -> bool:
    command = ["apt-get", "-qq", action]
    if action == "install":
        command += ["-y", "--no-install-recommends", *ALWAYS, *SCREEN]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)
    return done.returncode == 0


def advice() -> str:
    """The one line to type, or the packages' names where there is no apt-get."""
    if shutil.which("apt-get"):
        return f"Type: {'' if os.geteuid() == 0 else 'sudo '}apt-get install -y {' '.join(ALWAYS + SCREEN)}"
    return f"Install what your system calls {', '.join(ALWAYS + SCREEN)} (these are Debian's names)."


if __name__ == "__main__":
    sys.exit(main())
