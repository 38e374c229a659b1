"""The picture that comes with a shared link (Open Graph), drawn as a postcard: 1200 × 630."""

import io
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import anyio.to_thread
from PIL import Image, ImageDraw, ImageFont
from starlette.requests import Request
from starlette.responses import Response

from server.context import context_of
from server.language import Language
from server.public.answers import keepable, language_of
from server.public.showing import one_event, shown

_SIZE = (1200, 630)
_PAPER, _CARD, _INK, _SOFT, _RULE, _RED = "#f4eee1", "#fbf8f0", "#2b2622", "#6a6055", "#d8cdb8", "#a8381f"
_FONTS = Path(__file__).parent / "fonts"
_LEFT, _RIGHT, _TOP = 110, 830, 150
_LINES = 4


async def picture(request: Request) -> Response:
    """The picture of the schedule."""
    language = language_of(request)
    return await _answer(request, language, language.text("public-title"), _sum(request, language))


async def chapter_picture(request: Request) -> Response:
    """The picture of a chapter."""
    language, slug = language_of(request), request.path_params["chapter"]
    known = await shown(request, chapter=slug)
    return await _answer(request, language, language.name(known.chapter_name(slug)), language.text("public-title"))


async def event_picture(request: Request) -> Response:
    """The picture of an event."""
    language = language_of(request)
    found, known = await one_event(request)
    when = language.moment(found.event.starts, found.event.zone)
    if found.event.status == "cancelled":
        when = f"{language.text('public-cancelled')} {when}"
    chapter = language.name(known.chapter_name(found.chapter))
    return await _answer(request, language, found.event.title, f"{when}\n{chapter}")


def _sum(request: Request, language: Language) -> str:
    country = context_of(request).publisher.figures.country
    if not country.written:
        return language.text("public-lead-short")
    is_bound = "written" in country.at_least
    return language.text("public-picture-sum-at-least" if is_bound else "public-picture-sum", n=country.written)


async def _answer(request: Request, language: Language, title: str, below: str) -> Response:
    # Drawing takes a tenth of a second, in which nobody else would be answered.
    drawn = await anyio.to_thread.run_sync(draw, language.text("app-name"), title[:200], below)
    return keepable(request, drawn, "image/png")


@lru_cache(maxsize=128)
def draw(sender: str, title: str, below: str) -> bytes:
    """A postcard as PNG: the title where one writes, the sender's stamp in the corner. The same words, the same picture."""
    image = Image.new("RGB", _SIZE, _PAPER)
    canvas = ImageDraw.Draw(image)
    canvas.rounded_rectangle((40, 40, 1160, 590), 10, fill=_CARD, outline=_RULE, width=2)
    _edge(canvas)
    _stamp(canvas, sender)
    bottom = _write(canvas, title, _TOP)
    _lines(canvas, below, max(bottom + 30, 380))
    kept = io.BytesIO()
    image.quantize(64).save(kept, "PNG", optimize=True)
    return kept.getvalue()


def _edge(canvas: ImageDraw.ImageDraw) -> None:
    """The slanted stripes of airmail along the upper edge."""
    for index, left in enumerate(range(40, 1160, 56)):
        colour = _RED if index % 2 == 0 else _SOFT
        right = min(left + 34, 1150)
        canvas.polygon([(left + 10, 42), (right + 10, 42), (right, 60), (left, 60)], fill=colour)


def _stamp(canvas: ImageDraw.ImageDraw, sender: str) -> None:
    canvas.rectangle((920, 110, 1090, 310), fill=_RED)
    for x in range(920, 1091, 17):
        for y in (110, 310):
            canvas.ellipse((x - 5, y - 5, x + 5, y + 5), fill=_CARD)
    for y in range(110, 311, 20):
        for x in (920, 1090):
            canvas.ellipse((x - 5, y - 5, x + 5, y + 5), fill=_CARD)
    canvas.text((1005, 210), sender, font=_font("Bold", 26), fill=_CARD, anchor="mm")
    for y in (400, 450, 500):
        canvas.line((920, y, 1090, y), fill=_RULE, width=2)


def _write(canvas: ImageDraw.ImageDraw, title: str, top: int) -> int:
    """The title, as large as it fits; answers where it ends."""
    for size in (64, 54, 46, 38):
        font = _font("Bold", size)
        lines = list(_wrap(canvas, title, font))
        if len(lines) <= _LINES - (size > 54):
            break
    step = int(size * 1.28)
    for number, line in enumerate(lines[:_LINES]):
        canvas.text((_LEFT, top + number * step), line, font=font, fill=_INK)
    return top + min(len(lines), _LINES) * step


def _lines(canvas: ImageDraw.ImageDraw, text: str, top: int) -> None:
    font = _font("Regular", 32)
    lines = [line for paragraph in text.split("\n") for line in _wrap(canvas, paragraph, font)]
    for number, line in enumerate(lines[:3]):
        canvas.text((_LEFT, top + number * 46), line, font=font, fill=_SOFT)


def _wrap(canvas: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont) -> Iterator[str]:
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and canvas.textlength(longer, font=font) > _RIGHT - _LEFT:
            yield line
            line = word
        else:
            line = longer
    if line:
        yield line


@lru_cache(maxsize=16)
def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONTS / f"NotoSerif-{weight}.ttf", size)
