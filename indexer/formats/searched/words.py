"""The words that a file may hold beside its text, since they say nothing: names of formats."""

from __future__ import annotations

import re
from functools import lru_cache

LARGEST = 2 * 1024 * 1024  # bytes; larger files are not searched: it would cost the child seconds
LONGEST_NUMBER = 8  # digits of a number beside the text; a mobile's has 11
# Values that layout takes, fonts that letters are set in, kinds of parts, styles that every
# office program knows, makers of files. No name of a person, no word of a letter.
_LISTED = """
report lab align family decoration background rgb zoomcon
about absolute accent accentuation active adjust adobe after all allow always and angular
anonymous ansi app application ar arab arial around article ascent ascii asia aside at atleast
auto autospace avoid bar baseline basic before begin below best between bibliography bidi bit
black block body bold book border bordered both bottom break bullet by calibri cambria canvas cap
caption cdtf cell center centered centergroup character charset circle class classic clean clear
client clipart closure clr cm cn code collapse color colorful column columnname columns com
comment compat compatibility compress compressed content contents continue continuous core counter
courier creator cs current cursive dark dash dashed date dc dcmitype dcterms default definition
deg depth desc description digest dir disc display distribute do doc docprops docs doctype
document docx dot dotdash dotm dotted double drawing drawingml dxa east eastasia edit editor
elements em emphasis en enable end endnote envelope equiv even ex exact exception extended extra
false fang fangsong fantasy features first fit fixed flip followed font fontscheme fonttable
footer footnote form format fuwen gb gbk generate generated generator grammar grid group hans
header heading heads hei height hidden hint hk hlink html http https hyperlink id identity image
in ind indent indents index inherit initial ink inline inside instance intense invariant italic ja
jc jp justification justify kai kaiti keep keepnext keywords label land landscape lang language
large last latent latin latn lbl leading left length less letter level lib library libreoffice
light line lines linesandchars lineschars link list lowercase lpstr ltr mac macintosh macro mail
main major majorascii majoreastasia majorhansi mapping margin markup math max md medium message
meta metadata microsoft min minor minorascii minorbidi minoreastasia minorhansi minus mirror mixed
ml mm mode moderate modern mono monospace ms msword name names narrow new next nextpage nil no
none normal noscript not note notes number numbering oblique odd of off office officedocument on
only open opensource opentype openxmlformats optional ordinal org outline outset outside override
ovr own package padding page pages para paragraph part pct pdf people percent person pitch pixel
placeholder plain point portrait position pre preserve print proof properties property props
propstype pt purl px python quotation quote rd reference registry relationship relationships
relative rels rem reportlab restart reverse revision ridge right rl roman root row rtl sa
salutation sans save schema schemas scheme scr script section separate separator serif settings sg
shading shape short signature sim simhei simple simsun single size small solid song space spaces
spacing spelling split spreadsheetml square standalone stars start state static status stream
strong style styled styles stylesheet sub subject subscript subtitle subtle sun sup super
superscript swiss symbol system table tabs tahoma template terms text theme thick thin ti times
title to toa toc top transitional transparent triple true tw type typeface types uk und underline
unspecified untitled upper uppercase upright urn us use utf val value variable variant vertical
very vh view viewport visible vml vnd vt vw web webhidden weight western whitespace width windings
wingdings word wordml wordprocessing wordprocessingml wp wps wrap writer www xhtml xml xmlformats
xsd xsi yes zero zh zoom
仿宋 华文中宋 华文仿宋 华文楷体 宋体 微软雅黑 新宋体 方正仿宋 方正仿宋简体 方正小标宋
方正小标宋简体 方正楷体 方正楷体简体 方正黑体 方正黑体简体 无列表 普通表格 标题 楷体
正文 等线 网格型 隶书 页眉 页脚 黑体 默认段落字体
apple applewebkit chrome gecko headless intel khtml kit like linux mozilla nt safari skia
win windows
"""
KNOWN = frozenset(_LISTED.split())
# A word of letters; of names that are written together, as ListParagraph, each.
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\d_A-Za-z]+")
_LETTER = re.compile(r"[A-Za-z]")
_NUMBERS = re.compile(r"\d+")


@lru_cache(4096)  # a file says the same few values again and again
def known(value: str) -> bool:
    """True if ``value`` is nothing but known words, short numbers and signs."""
    words = (
        word.lower() for word in _WORDS.findall(value) if not (word.isascii() and len(word) == 1)
    )
    numbers = _NUMBERS.findall(value)
    return KNOWN.issuperset(words) and all(len(n) <= LONGEST_NUMBER for n in numbers)
