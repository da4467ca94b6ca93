"""How well and how fast scans are read: ``python -m tests.bench.bench_ocr`` (needs fuwen[ocr]).

A page of a made-up letter is drawn at 300 dots per inch and scanned badly: turned, small, blurred.
Of each the share of wrong characters, the seconds, and what the lines' confidence tells.
"""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from indexer.formats import ocr
from indexer.formats.raw import Limits, Raw
from kb.errors import UnreadableFile
from kb.text.chars import bare
from kb.text.confidence import SURE

FONT = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc")
OTHER_FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
SIZE = 58  # pixels: 14-point type at 300 dots per inch
LINES = (
    "　　　　　　　　青禾市水务局文件",
    "青水函〔2024〕118号　　　　　　　　　　　签发人：邵振东",
    "　　　　　关于市政协五届三次会议第0276号提案的答复",
    "罗秀梅委员：",
    "　　您提出的《关于整治城东片区雨后积水的提案》收悉。经会同市住房和",
    "城乡建设局研究，现答复如下：",
    "　　一、已做的工作。2023年以来，我局对城东片区17条道路的雨水管网开",
    "展了排查，发现堵塞点46处，已清淤38处，疏通管道12.7公里，投入资金",
    "326.5万元。其中，青槐路、北关街两处易涝点已完成改造，新增雨水口",
    "64个。",
    "　　二、下一步打算。计划于2025年6月底前完成余下8处的清淤，并在西仓",
    "巷建设一座排水能力为每小时4500立方米的泵站。",
    "　　感谢您对水务工作的关心和支持！",
    "　　　　　　　　　　　　　　　　　　　青禾市水务局",
    "　　　　　　　　　　　　　　　　　　　2024年5月21日",
)
WIDTHS = str.maketrans("，：；！（）", ",:;!()")  # the engine gives either form


def drawn() -> Image.Image:
    """The page as it was printed."""
    page = Image.new("L", (2480, 3508), 255)
    pen = ImageDraw.Draw(page)
    font = ImageFont.truetype(FONT if FONT.exists() else OTHER_FONT, SIZE)
    for row, line in enumerate(LINES):
        pen.text((300, 320 + row * SIZE * 1.8), line, font=font, fill=20)
    return page


def scans() -> Iterator[tuple[str, Image.Image]]:
    """The page as it was scanned, with what was done to it."""
    page = drawn()
    for degrees in (0, 0.5, -1, 2, -3, 5, 92, 180, 271):
        yield f"turned by {degrees}", page.rotate(degrees, expand=True, fillcolor=255)
    for dots in (150, 100, 75):
        small = page.width * dots // 300, page.height * dots // 300
        yield f"{dots} dots per inch", page.resize(small, Image.Resampling.BILINEAR)
    half = page.resize((page.width // 2, page.height // 2))
    for radius in (1.5, 2.5, 3.2, 3.6, 4.0):
        yield f"blurred by {radius}", half.filter(ImageFilter.GaussianBlur(radius))


def distance(one: str, other: str) -> int:
    """How many characters must be put in, taken out or changed."""
    before = list(range(len(other) + 1))
    for row, left in enumerate(one, 1):
        line = [row]
        for column, right in enumerate(other, 1):
            change = before[column - 1] + (left != right)
            line.append(min(before[column] + 1, line[-1] + 1, change))
        before = line
    return before[-1]


def told(raw: Raw) -> str:
    """The share of wrong characters, and how many lines are wrong and sure, right and unsure."""
    truth = bare("".join(LINES)).translate(WIDTHS)
    wrong = distance(truth, bare(raw.text).translate(WIDTHS)) / len(truth)
    lines = [(bare(words).translate(WIDTHS) in truth, sure) for words, sure in raw.recognised[0]]
    sure_and_wrong = sum(sure >= SURE and not right for right, sure in lines)
    unsure_and_right = sum(sure < SURE and right for right, sure in lines)
    return f"{wrong:6.1%}  {len(lines)} lines, {sure_and_wrong} wrong but sure, " + (
        f"{unsure_and_right} right but unsure"
    )


def main() -> None:
    """Print a line for each scan."""
    engine = ocr.rapid()
    for name, page in scans():
        file = io.BytesIO()
        page.save(file, "PNG")
        file.seek(0)
        begun = time.perf_counter()
        try:
            result = told(ocr.read(file, Limits(), engine=engine))
        except UnreadableFile as error:
            result = re.split("[；。]", f"refused ({error.code}): {error}")[0]
        print(f"{name:22}{time.perf_counter() - begun:5.1f} s  {result}", flush=True)


if __name__ == "__main__":
    main()
