"""Which font has which letter, and fonts with only the letters of one page in them.

The fonts are Noto's (OFL), as two packages install them: one variable file a script, and one for Chinese, Japanese and Korean. HarfBuzz cuts out what
a page needs, at one weight, in milliseconds; a page then carries a few kilobytes of each.
"""

from __future__ import annotations

import io
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fontTools.ttLib import TTFont

REGULAR, BOLD = 400, 700
"""Weights, on the fonts' own axis."""
_JOINERS = frozenset("\u200c\u200d")
"""What tells letters to join or not to: no letters, but part of a word."""
_UNSEEN = frozenset("\ufe0e\ufe0f")
"""Variation selectors of emoji: there is one form of each."""
_LETTERS = "manimgx_fonts"
_HAN = "manimgx_fonts_cjk", "NotoSansCJK-VF.otf.ttc"
_JAPANESE, _KOREAN, _CHINESE = 0, 1, 2
"""The faces of the collection; each has all letters, drawn as its readers know them."""
_LAST = ("NotoSansSymbols", "NotoEmoji")
_LEFT_OUT = ("Italic",)


@dataclass(frozen=True, order=True)
class Face:
    """One font."""

    name: str
    path: Path
    index: int = 0
    """In a collection."""


def cleaned(text: str) -> str:
    """On one line, without control characters and what turns the direction of writing around, composed (NFC)."""
    spaced = "".join(
        " " if unicodedata.category(letter)[0] == "Z" or letter in "\t\n\r" else letter
        for letter in unicodedata.normalize("NFC", text)
        if letter not in _UNSEEN
        and (unicodedata.category(letter)[0] != "C" or letter in _JOINERS or letter in "\t\n\r")
    )
    return " ".join(spaced.split())


def unwritable(text: str) -> str:
    """The letters of a text that no font has, each once, in order; empty where all of it can be written."""
    faces = _ladder(text)
    return "".join(
        dict.fromkeys(
            letter
            for letter in unicodedata.normalize("NFC", text)
            if letter not in _JOINERS
            and letter not in _UNSEEN
            and unicodedata.category(letter) not in {"Cc", "Cf", "Zs", "Zl", "Zp"}
            and _face_of(letter, faces) is None
        )
    )


def writable(text: str) -> str:
    """The text, cleaned, without letters that no font has: nothing is ever an empty box."""
    missing = set(unwritable(text))
    return " ".join("".join(letter for letter in cleaned(text) if letter not in missing).split())


def spread(text: str) -> tuple[Face, dict[Face, set[str]]]:
    """Which font leads a text that ``writable`` gave, and which letters of it each font has to have."""
    faces = _ladder(text)
    letter = next((each for each in text if unicodedata.category(each)[0] == "L"), "A")
    leader = _face_of(letter, faces) or faces[0]
    parts: dict[Face, set[str]] = {leader: set()}
    for each in text:
        # Spaces, digits and marks go with the letters beside them, so that no word is torn between two fonts.
        face = leader if ord(each) in _letters_of(leader) else _face_of(each, faces)
        if face is not None:
            parts.setdefault(face, set()).add(each)
    return leader, parts


def cut_out(face: Face, letters: Iterable[str], weight: int) -> bytes:
    """A TrueType font with these letters of that face alone, and all that shapes them, at one weight."""
    import uharfbuzz as hb  # noqa: PLC0415 - native, and needed for a moment only

    whole, wanted = _opened(face), hb.SubsetInput()
    for letter in letters:
        wanted.unicode_set.add(ord(letter))
    wanted.pin_axis_location(whole, "wght", float(weight))
    data = bytes(hb.subset(whole, wanted).blob.data)
    return data if face.path.suffix == ".ttf" else _as_truetype(data)


def _face_of(letter: str, faces: Iterable[Face]) -> Face | None:
    return next((face for face in faces if ord(letter) in _letters_of(face)), None)


def _ladder(text: str) -> tuple[Face, ...]:
    """All fonts, in the order in which they are asked; Chinese characters are drawn as the rest of the text lets expect."""
    kinds = {unicodedata.name(letter, "").partition(" ")[0] for letter in text}
    index = _KOREAN if "HANGUL" in kinds else _JAPANESE if kinds & {"HIRAGANA", "KATAKANA"} else _CHINESE
    han = Face("NotoSansCJK", _folder(_HAN[0]) / _HAN[1], index)
    return *_scripts(last=False), han, *_scripts(last=True)


@lru_cache(maxsize=2)
def _scripts(*, last: bool) -> tuple[Face, ...]:
    def found() -> Iterator[Face]:
        for path in sorted(_folder(_LETTERS).glob("*.ttf")):
            name = path.stem.partition("[")[0]
            if not any(each in name for each in _LEFT_OUT) and (name in _LAST) is last:
                yield Face(name, path)

    return tuple(sorted(found(), key=lambda face: (face.name not in {"NotoSans", _LAST[0]}, face.name)))


@lru_cache(maxsize=2)
def _folder(package: str) -> Path:
    spec = find_spec(package)
    folders = (spec.submodule_search_locations if spec else None) or [package]
    return Path(folders[0])


@lru_cache(maxsize=40)
def _letters_of(face: Face) -> frozenset[int]:
    return frozenset(_opened(face).unicodes)


def _opened(face: Face):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a class of a library that is imported late
    import uharfbuzz as hb  # noqa: PLC0415 - see ``cut_out``

    return hb.Face(hb.Blob.from_file_path(str(face.path)), face.index)


def _as_truetype(data: bytes) -> bytes:
    """Cubic outlines (CFF2) as quadratic ones: what every reader of PDF takes, and a few glyphs cost nothing."""
    from fontTools.pens.cu2quPen import Cu2QuPen  # noqa: PLC0415 - where there is something to turn only
    from fontTools.pens.ttGlyphPen import TTGlyphPen  # noqa: PLC0415 - as above
    from fontTools.ttLib import TTFont, newTable  # noqa: PLC0415 - as above

    font: TTFont = TTFont(io.BytesIO(data))
    order, drawn = font.getGlyphOrder(), font.getGlyphSet()
    glyphs = {}
    for name in order:
        pen = TTGlyphPen(drawn)
        drawn[name].draw(Cu2QuPen(pen, max_err=1.0, reverse_direction=True))
        glyphs[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, glyphs
    for gone in ("CFF2", "CFF ", "VORG", "STAT", "vhea", "vmtx", "BASE"):
        if gone in font:
            del font[gone]
    font["maxp"].tableVersion = 0x00010000
    for name in (
        "maxZones",
        "maxTwilightPoints",
        "maxStorage",
        "maxFunctionDefs",
        "maxInstructionDefs",
        "maxStackElements",
    ):
        setattr(font["maxp"], name, 1 if name == "maxZones" else 0)
    for name in ("maxSizeOfInstructions", "maxComponentElements"):
        setattr(font["maxp"], name, 0)
    font["post"].formatType, font["post"].glyphOrder = 2.0, None
    font["post"].extraNames, font["post"].mapping = [], {}
    font.sfntVersion = "\x00\x01\x00\x00"
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()
