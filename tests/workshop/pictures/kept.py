"""The pictures that the documents show: which, and at which width."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
IMAGES = ROOT / "docs" / "images"
# Bytes; a page with several of them must open quickly.
LARGEST = 60_000

KEPT = {
    "header": "desktop",
    "timeline": "desktop",
    "draft": "desktop",
    "home": "desktop",
    "announcement-updated": "desktop",
    "catchup": "phone",
    "tasks": "phone",
    "handover": "phone",
    "form-declare": "phone",
    "follow-up": "phone",
}
