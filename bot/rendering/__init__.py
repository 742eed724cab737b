"""The only room that knows Jinja2: fills templates, with one escaping rule for each format."""

from bot.rendering.renderer import Renderer

__all__ = ["Renderer"]
