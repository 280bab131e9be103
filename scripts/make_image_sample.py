"""Draw the image sample: a shaded ball on a striped cloth, 32 × 32 pixels, grey.

   python scripts/make_image_sample.py

Computed from formulas, so that it is nobody's but ours. The stripes repeat every 8 pixels, from row to row: what a
strided pattern of stride 32 can see, and a window of the last tokens cannot.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FILE = Path(__file__).resolve().parent.parent / "resources" / "samples" / "ball-on-cloth.pgm"
SIZE, FINER = 32, 8  # pixels on a side; points per pixel and side that are averaged

Floats = NDArray[np.float64]


def cloth(x: Floats, y: Floats) -> Floats:
    """Stripes 8 pixels apart with a weave of finer ones across; brighter towards the top."""
    stripes = 0.5 + 0.5 * np.tanh(4 * np.sin(2 * np.pi * x / 8))
    weave = 0.06 * np.sin(2 * np.pi * y / 4)
    return (0.22 + 0.45 * stripes + weave) * (1.1 - 0.35 * y / SIZE)


def picture() -> NDArray[np.uint8]:
    """Shades [row, column] from 0, black, to 255, white."""
    steps = (np.arange(SIZE * FINER) + 0.5) / FINER
    x, y = np.meshgrid(steps, steps)
    shade = cloth(x, y)
    shadow = ((x - 20) / 10) ** 2 + ((y - 25.5) / 3.2) ** 2
    shade *= 1 - 0.55 * np.exp(-(shadow**2))
    across, down = (x - 16.5) / 8.5, (y - 16.5) / 8.5
    height = np.sqrt(np.clip(1 - across**2 - down**2, 0, 1))
    light = np.clip(-0.45 * across - 0.6 * down + 0.66 * height, 0, 1)  # from the upper left
    ball = 0.12 + 0.6 * light + 0.3 * light**12
    shade = np.where(across**2 + down**2 < 1, ball, shade)
    pixels = shade.reshape(SIZE, FINER, SIZE, FINER).mean((1, 3))
    return np.round(255 * np.clip(pixels, 0, 1)).astype(np.uint8)


def main() -> None:
    FILE.write_bytes(b"P5\n%d %d\n255\n" % (SIZE, SIZE) + picture().tobytes())
    print(f"{FILE.name}: {FILE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
