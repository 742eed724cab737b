"""Takes pictures of the bot in Slack: `python -m tests.workshop.pictures` (or `make pictures`).

All of them, at both widths, go to the folder named on the command line (build/pictures), for looking at; those that
the documents show go to docs/images as well, small.
"""

import sys
import tempfile
from pathlib import Path

from PIL import Image

from tests.counterparts.scribe import running
from tests.workshop.pictures.kept import IMAGES, KEPT, LARGEST, ROOT
from tests.workshop.pictures.page import cameras
from tests.workshop.pictures.story import pictures

_COLOURS = (128, 64, 32)


def main() -> None:
    """Take all pictures and keep some."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place, running(Path(place)) as scribe, cameras(scribe.server.url) as all_of:
        for picture in pictures(scribe):
            for width, camera in all_of.items():
                file = folder / f"{picture.name}-{width}.png"
                picture.take(camera, file)
                if KEPT.get(picture.name) == width:
                    _shrink(file, IMAGES / f"{picture.name}.png")
    sys.stderr.write(f"The pictures are in {folder}, those of the documents in {IMAGES}\n")


def _shrink(file: Path, to: Path) -> None:
    """Write the picture with as many colours as keep it small: a page of text needs few."""
    with Image.open(file) as image:
        plain = image.convert("RGB")
    for colours in _COLOURS:
        plain.quantize(colours, dither=Image.Dither.NONE).save(to, optimize=True)
        if to.stat().st_size <= LARGEST:
            return


if __name__ == "__main__":
    main()
