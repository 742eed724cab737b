"""local-slack's page, made to show what Slack's clients show: times, what a form holds at first, menus at the right.

Only the page in the browser is changed, for the picture; what the bot sent stays as it is.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

Json = dict[str, Any]

WIDTHS = {"phone": 390, "desktop": 1280}
_HEIGHT = 1400
# Dots a pixel: sharp on most screens, and still small.
_SHARPNESS = 1.5
_OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Slack's clients have no bars of local-slack's, wrap long words, and put an element beside the text it belongs to.
_STYLE = """
.topbar, .sidebar, .composer, .msg-hover-actions, .thread-head, .modal-x { display: none !important; }
.app, .body, .main, .messages, .thread-body, .home { height: auto !important; overflow: visible !important; }
.thread-pane { width: 100% !important; border: none !important; }
body { font-family: Lato, sans-serif; }
.msg { max-width: 760px; padding: 10px 18px; }
.msg, .msg.highlighted { background: #fff !important; animation: none !important; }
.msg-body, .blocks { width: 100%; overflow-wrap: anywhere; }
.bk-section:has(> .bk-select), .bk-section:has(> .bk-button) { display: flex; gap: 12px; align-items: flex-start; }
.bk-section > .bk-text:has(~ .bk-select), .bk-section > .bk-text:has(~ .bk-button) { flex: 1; }
.bk-overflow { appearance: none; width: 34px; text-align: center; background: #fff; }
.bk-context { align-items: flex-start; flex-direction: column; }
.mrkdwn a { color: #1264a3; text-decoration: none; }
.bk-fields { gap: 10px 16px; }
.home { padding: 0 !important; }
.home-inner { padding: 16px; }
.home-inner .bk-header { margin-top: 10px; }
.modal { max-height: none !important; }
.modal-overlay { position: static !important; background: #fff !important; padding: 12px; }
textarea.bk-plain-input { min-height: 62px; resize: none; }
"""
# What local-slack leaves as written: a time in the reader's zone, several in one line of a bold text included.
_TIMES = r"""
() => {
  const shown = (epoch) => {
    const at = new Date(epoch * 1000), day = at.toDateString(), now = new Date();
    const yesterday = new Date(now.getTime() - 86400000).toDateString();
    const date = day === now.toDateString() ? "today" : day === yesterday ? "yesterday"
      : at.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
    return `${date} ${at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })}`;
  };
  for (const span of document.querySelectorAll(".mrkdwn")) {
    // With a link as its third part, which the page may have made an element of.
    const html = span.innerHTML.replace(
      /&lt;!date\^(\d+)\^([^^|]*)(\^[^|]*)?\|[^&]*&gt;/g,
      (_, epoch, _form, link) => link ? `<a href="#">${shown(Number(epoch))}</a>` : shown(Number(epoch)),
    );
    if (html !== span.innerHTML) span.innerHTML = html;
  }
}
"""
# What a form holds at first: local-slack sends it to the page, which shows it for plain fields only.
_FORM = r"""
(inputs) => document.querySelectorAll(".modal .bk-input").forEach((node, index) => {
  const { element, optional } = inputs[index];
  const select = node.querySelector("select"), field = node.querySelector("input.bk-plain-input");
  const unknown = node.querySelector(".bk-unknown");
  if (optional) node.querySelector(".bk-label").append(" (optional)");
  if (select && element.initial_option) select.value = element.initial_option.value;
  const chosen = (element.initial_options || []).map((option) => option.value);
  node.querySelectorAll("input[type=checkbox]").forEach((box, n) => {
    box.checked = chosen.includes(element.options[n].value);
  });
  if (field && element.multiline) {
    const area = document.createElement("textarea");
    area.className = "bk-plain-input";
    area.value = element.initial_value || "";
    area.placeholder = element.placeholder ? element.placeholder.text : "";
    field.replaceWith(area);
    area.style.height = `${area.scrollHeight + 4}px`;
  }
  if (unknown) {
    const stand = document.createElement("input");
    stand.className = "bk-plain-input";
    stand.placeholder = element.placeholder ? element.placeholder.text : "Select";
    stand.value = element.initial_value || element.initial_date || "";
    unknown.replaceWith(stand);
  }
})
"""


class Camera:
    """Takes pictures of one workspace's page, at one width."""

    def __init__(self, page: Page, url: str) -> None:
        self._page = page
        self._url = url

    def message(self, channel: str, ts: str, file: Path, *, thread: str | None = None) -> None:
        """Take one message, of a thread where its first message is named."""
        query = f"?thread_ts={thread}&cid={channel}" if thread else ""
        self._open(f"/archives/{channel}/p{ts.replace('.', '')}{query}")
        pane = ".thread-pane " if thread else ".messages "
        self._take(f'{pane}.msg[data-ts="{ts}"]', file)

    def form(self, view: Json, file: Path) -> None:
        """Take the open modal; `view` says what its fields hold."""
        self._open("/")
        self._page.wait_for_selector(".modal")
        self._page.evaluate(_FORM, [block for block in view["blocks"] if block["type"] == "input"])
        self._take(".modal", file)

    def home(self, file: Path) -> None:
        """Take the Home tab of the first person."""
        self._open("/")
        # The bar that leads there is hidden.
        self._page.locator(".sidebar-item", has_text="scribe").last.dispatch_event("click")
        self._take(".home-inner", file)

    def _open(self, path: str) -> None:
        self._page.goto(self._url + path)
        self._page.add_style_tag(content=_STYLE)

    def _take(self, selector: str, file: Path) -> None:
        found = self._page.locator(selector).first
        found.wait_for()
        self._page.evaluate(_TIMES)
        found.screenshot(path=file, animations="disabled")


@contextmanager
def cameras(url: str) -> Iterator[dict[str, Camera]]:
    """Yield a camera for each width. Raises FileNotFoundError where Chromium is not installed."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        raise FileNotFoundError("Chromium is not installed: apt install chromium fonts-noto-color-emoji fonts-lato")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(_OPTIONS))
        yield {
            name: Camera(
                browser.new_page(
                    viewport={"width": width, "height": _HEIGHT},
                    device_scale_factor=_SHARPNESS,
                    timezone_id="Europe/Berlin",
                ),
                url,
            )
            for name, width in WIDTHS.items()
        }
        browser.close()
