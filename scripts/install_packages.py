"""Make .venv and install into it what requirements.lock pins, then this project, editable. Called by the Makefile.

Runs on the system's Python, with its standard library alone, and starts on versions too old for the project, to say so.
"""

import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "Scripts" if os.name == "nt" else "bin", "python")
OLDEST = (3, 11)
DOWNLOADS = {  # sums of the packages' sizes at the versions in requirements.lock
    "darwin": "about 370 MB",
    "win32": "about 370 MB",
    "linux": "about 470 MB with PyTorch's CPU build; with its default build about 830 MB, and NVIDIA's libraries, "
    "some 2 GB more",
}


def main():
    found = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if sys.version_info < OLDEST:
        stop(
            f"Attnscope needs Python 3.11 or newer, but this is {found}: name one, as in `make PYTHON=python3.12 run`."
        )
    size = DOWNLOADS.get(sys.platform, DOWNLOADS["linux"])
    print(
        f"Installing what requirements.lock names into .venv. To download, where it is not there yet: {size}.",
        flush=True,
    )
    if not usable(PYTHON):
        make_environment(found)
    # The first time is long and may be interrupted; pip keeps what it has, and the next call goes on from there.
    install("-r", os.path.join(ROOT, "requirements.lock"))
    install("--no-deps", "--no-build-isolation", "-e", ROOT)


def usable(python):
    """Whether the environment is there, and its Python starts and is new enough."""
    probe = f"import sys, pip; sys.exit(sys.version_info < {OLDEST})"
    try:
        return subprocess.call([python, "-c", probe], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def make_environment(version):
    try:
        import ensurepip  # noqa: F401  Debian's venv can be imported without it, and fails half-way
        import venv
    except ImportError:
        stop(f"Python's venv is missing: install it (on Debian: apt-get install python{version}-venv), and try again.")
    venv.EnvBuilder(clear=True, with_pip=True, symlinks=os.name != "nt").create(VENV)


def install(*arguments):
    command = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", *arguments]
    if not sys.stdout.isatty():
        command += ["--quiet", "--quiet"]  # a person watches the download; a log needs its errors only
    if subprocess.call(command, stdin=subprocess.DEVNULL, cwd=ROOT):
        stop("pip could not install the packages; its message is above. Solve that, and try again.")


def stop(sentence):
    sys.exit(sentence)


if __name__ == "__main__":
    main()
