"""Make nnbook/plots/BookSans.otf, the font of the figures: Latin, Greek, mathematical signs and the Chinese they need.

    apt-get download fonts-noto-cjk fonts-noto-core
    for package in fonts-noto-*.deb; do dpkg-deb -x $package noto; done
    python tools/make_font.py noto/usr/share/fonts

Why a font of our own: matplotlib sets a text with $…$ in it in ONE font, and shows boxes for what that font lacks.
So one font must have "权重", "∂L/∂w", "ŷ" and "→"; fonts with Chinese have signs such as × and → as wide as a Chinese
character, which looks broken in English. Here each character comes from the first of four fonts (all SIL Open Font
License) that has it. The Chinese: that of the two lectures and of the field's terms (tools/font_characters.txt), of
the chapters, of nnlib and of its data. Run this again when a chapter brings a new character into a figure. Needs
fonttools, which matplotlib brings.
"""

import hashlib
import sys
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.ttLib import TTCollection, TTFont

ROOT = Path(__file__).resolve().parents[1]
# Debian's fonts-noto-core 20201225-1 and fonts-noto-cjk 1:20220127+repack1-1
SOURCES = {
    "truetype/noto/NotoSans-Regular.ttf": "89c3c497f618fdaa0b2d1e98fef93582f28c71debd2c4a8cdf41f190ced2909d",
    "truetype/noto/NotoSansMath-Regular.ttf": "8242bd1e55368b27e32455260754cf9aa58f3ad7ea80664b66c21f1b09910d6c",
    "truetype/noto/NotoSansSymbols2-Regular.ttf": "876598db5f1e3bef2bc77c4d94c5b0d5d2c1620be4878a06f18fb5434e331688",
    "opentype/noto/NotoSansCJK-Regular.ttc": "b76b0433203017ca80401b2ee0dd69350349871c4b19d504c34dbdd80541690a",
}
SIMPLIFIED_CHINESE = 2  # the third font of the collection
FAMILY = "Book Sans"
RANGES = [(0x20, 0x7E), (0xA0, 0x17F), (0x300, 0x308), (0x30C, 0x30C), (0x391, 0x3C9), (0x3D5, 0x3D5), (0x3F5, 0x3F5),
          (0x2010, 0x2027), (0x2030, 0x2037), (0x2070, 0x209C), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x25A0, 0x25FF),
          (0x2713, 0x2718)]


def wanted_characters():
    """Code points: letters and signs in RANGES, the 3,755 common Chinese characters (level 1 of GB 2312), so that a new
    word in the text needs no new font, and every other Chinese character of the book, nnlib and its data."""
    files = [ROOT / "tools" / "font_characters.txt", ROOT / "glossary.yml", *ROOT.glob("*.md"),
             *ROOT.glob("chapters/*.ipynb"), *ROOT.glob("nn*/**/*.py"), *ROOT.glob("nnbook/**/*.js"),
             *ROOT.glob("translations/**/*.po"), *ROOT.glob("_ext/*.py"),
             *ROOT.glob("nnbook/data/files/*.t[sx][vt]")]
    chinese = {ord(c) for file in files for c in file.read_text(encoding="utf-8") if ord(c) >= 0x2E80}
    common = bytes(byte for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF) for byte in (row, cell))
    chinese |= set(map(ord, common.decode("gb2312", errors="ignore")))
    return chinese | {code for first, last in RANGES for code in range(first, last + 1)}


def open_font(folder, name, sha256):
    """A source font, verified to be the version that the book's font is made from."""
    content = (Path(folder) / name).read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise SystemExit(f"{name} is not the version that the book's font is made from (sha256 {sha256})")
    path = Path(folder) / name
    return TTCollection(path).fonts[SIMPLIFIED_CHINESE] if path.suffix == ".ttc" else TTFont(path)


def main(folder):
    fonts = [open_font(folder, name, sha256) for name, sha256 in SOURCES.items()]
    glyph_sets, maps = [font.getGlyphSet() for font in fonts], [font.getBestCmap() for font in fonts]
    shapes, widths, character_map = {}, {}, {}

    def add(glyph, source, name):
        pen = T2CharStringPen(source[name].width, source)
        source[name].draw(pen)
        shapes[glyph], widths[glyph] = pen.getCharString(), source[name].width

    add(".notdef", glyph_sets[0], ".notdef")
    for code in sorted(wanted_characters()):
        for glyphs, names in zip(glyph_sets, maps, strict=True):
            if code in names:
                character_map[code] = f"u{code:04X}"
                add(character_map[code], glyphs, names[code])
                break
        else:
            if code >= 0x2E80:
                raise SystemExit(f"no font has {chr(code)}")

    builder = FontBuilder(unitsPerEm=1000, isTTF=False)
    builder.setupGlyphOrder(list(shapes))
    builder.setupCharacterMap(character_map)
    builder.setupCFF("BookSans-Regular", {"FullName": FAMILY, "FamilyName": FAMILY, "Weight": "Regular"}, shapes, {})
    builder.setupHorizontalMetrics({
        glyph: (widths[glyph], round(box[0]) if (box := shapes[glyph].calcBounds(None)) else 0) for glyph in shapes})
    builder.setupHorizontalHeader(ascent=1069, descent=-293)  # as in Noto Sans
    builder.setupOS2(sTypoAscender=1069, sTypoDescender=-293, usWinAscent=1069, usWinDescent=293)
    builder.setupPost()
    builder.setupNameTable({
        "copyright": "Copyright 2015, 2017, 2018 Google LLC; 2014-2021 Adobe (http://www.adobe.com/)",
        "familyName": FAMILY, "styleName": "Regular", "uniqueFontIdentifier": "Book Sans 1.0", "fullName": FAMILY,
        "psName": "BookSans-Regular", "version": "Version 1.0",
        "description": "Characters of Noto Sans, Noto Sans Math, Noto Sans Symbols2 and Noto Sans CJK SC",
        "licenseDescription": "This Font Software is licensed under the SIL Open Font License, Version 1.1.",
        "licenseInfoURL": "https://openfontlicense.org",
    })
    builder.font["head"].created = builder.font["head"].modified = 0  # the same bytes every time
    builder.font.recalcTimestamp = False
    target = ROOT / "nnbook" / "plots" / "BookSans.otf"
    builder.save(target)
    print(f"{target.relative_to(ROOT)}: {len(character_map)} characters, {target.stat().st_size:,} bytes, "
          f"sha256 {hashlib.sha256(target.read_bytes()).hexdigest()}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(sys.argv[1])
