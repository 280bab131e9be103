"""Ready frames into a file: ffmpeg in a process of its own encodes one while the next is painted."""

from __future__ import annotations

import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from PySide6.QtGui import QImage

from app.export.film_formats import FilmFormat, Quality
from engines.problems import Problem


class Encoder:
    """An ffmpeg that takes frames of one size through a pipe; leaving the block before ``finish`` ends it at once.

    Frames are RGB32 as Qt lays them out, so that nothing is converted on this side of the pipe. Raises a Problem where
    there is no ffmpeg.
    """

    def __init__(self, size: tuple[int, int], fps: float, arguments: Sequence[str], path: Path) -> None:
        import imageio_ffmpeg

        frames = ("-f", "rawvideo", "-pix_fmt", "bgr0", "-s", f"{size[0]}x{size[1]}", "-r", f"{fps:g}", "-i", "pipe:0")
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  # nobody reads along, and a full pipe would stop it
        try:
            self._process = subprocess.Popen(
                (imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-loglevel", "error", *frames, *arguments, str(path)),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=self._said,
                start_new_session=True,  # Ctrl+C is for this process, which ends the other in good order
            )
        except (RuntimeError, OSError) as error:
            self._said.close()
            raise Problem("no_encoder", reason=str(error).splitlines()[0]) from None

    def __enter__(self) -> Encoder:
        return self

    def write(self, image: QImage) -> None:
        """One more frame; an OSError with the encoder's last words where it could not go on."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(image.constBits())
        except BrokenPipeError:
            self.finish()

    def finish(self) -> None:
        """Every frame is given: wait until the file is whole. An OSError where it is not."""
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        if self._process.wait() != 0:
            self._said.seek(0)
            said = self._said.read().decode("utf-8", errors="replace")
            raise OSError(0, last_words(said, -self._process.returncode))

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.kill()
        self._process.wait()
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()
        self._said.close()


def last_words(said: str, ended_by: int = 0) -> str:
    """Why ffmpeg failed: what follows its own names in the first line that says so, or the signal that ended it."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    if lines:
        return lines[0].rpartition(": ")[2]
    return (ended_by > 0 and signal.strsignal(ended_by)) or "the encoder ended without a word"


def film_encoder(
    path: Path,
    form: FilmFormat,
    size: tuple[int, int],
    fps: float,
    quality: Quality,
    tags: Mapping[str, str],
    palette: Path | None,
) -> Encoder:
    """An encoder of a film into ``path``, which is overwritten as it goes: give a file beside the film's place."""
    colours = ("-i", str(palette), "-lavfi", "paletteuse=dither=none:diff_mode=rectangle") if palette else ()
    named = [word for name, value in tags.items() for word in ("-metadata", f"{name}={value}")]
    return Encoder(
        size, fps, (*colours, *form.arguments[quality], *named, "-fflags", "+bitexact", "-f", form.muxer), path
    )


def palette_encoder(path: Path, size: tuple[int, int], colours: int) -> Encoder:
    """An encoder of some frames into the table of colours that serves all of them best, a PNG."""
    table = f"palettegen=max_colors={colours}:reserve_transparent=0"
    return Encoder(size, 1, ("-vf", table, "-c:v", "png", "-update", "1", "-f", "image2"), path)
