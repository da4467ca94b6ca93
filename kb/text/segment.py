"""jieba, sooner ready and smaller: its dictionary is read with the characters that are met."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

import jieba

_COUNT = re.compile(r" (\d+) ")
# Cut before jieba sees it: where it knows no word, its time grows with the square of a run. A run
# of so many letters without a mark between them is no text; cutting elsewhere changes no word.
_RUN = re.compile(r"[\w+#&.%-]{1,500}|[^\w+#&.%-]+")
# Parts of speech: persons, places, organs, other names, what is called in short.
_PROPER = ("nr", "ns", "nt", "nz", "j")
_COUNTING = ("m", "q", "t", "x", "eng")  # figures, measures, times, and what is no Chinese
_BLOCK = re.compile(r"^(.).*\n(?:\1.*\n)*", re.MULTILINE)  # lines that begin with one character


class Segmenter(jieba.Tokenizer):  # type: ignore[misc]
    """jieba's own words, with its own dictionary.

    jieba itself parses its 350,000 lines at the first word (0.6 s, 57 MB), or takes them from
    ``jieba.cache`` in the shared temporary folder, where any user of the machine can put one.
    Here no such file is read or written: words that begin with a character are parsed when it is
    first met (0.1 s at the first word, a few MB). Safe to use from several threads.
    """

    initialized: bool

    def initialize(self, dictionary: None = None) -> None:
        """Find where each character's words stand in the dictionary, if not yet done."""
        with self.lock:
            if self.initialized:
                return
            with self.get_dict_file() as file:
                self._text: str = file.read().decode()
            self._blocks: dict[str, list[tuple[int, int]]] = {}
            for block in _BLOCK.finditer(self._text):
                self._blocks.setdefault(block[1], []).append(block.span())
            self._added: dict[str, int] = {}
            self._kinds: dict[str, str] = {}  # parts of speech as jieba tags them
            self.total = sum(map(int, _COUNT.findall(self._text)))
            self.initialized = True

    def cut(
        self, sentence: str, cut_all: bool = False, HMM: bool = True, use_paddle: bool = False
    ) -> Iterator[str]:
        """The words of ``sentence``, as jieba has them, in time linear in its length."""
        for run in _RUN.findall(sentence):
            yield from super().cut(run, cut_all=cut_all, HMM=HMM, use_paddle=use_paddle)

    def get_DAG(self, sentence: str) -> dict[int, list[int]]:
        """Where words may end that begin at each place of ``sentence``."""
        self._meet(sentence)
        found: dict[int, list[int]] = super().get_DAG(sentence)
        return found

    def add_word(self, word: str, freq: int | None = None, tag: str | None = None) -> None:
        """Put ``word`` into the dictionary, so often that it is found as one."""
        self._meet(word)
        super().add_word(word, freq, tag)
        self._added[word] = self.FREQ[word]

    def frequency(self, word: str) -> int:
        """How often the dictionary says that ``word`` occurs; 0 for one that it does not have."""
        self._meet(word[:1])
        return int(self.FREQ.get(word, 0))

    def known(self, words: Collection[str]) -> set[str]:
        """Those of ``words`` that the dictionary has or begins one with; quicker than singly."""
        self._meet({word[:1] for word in words})
        return set(self.FREQ.keys() & words)

    def is_name(self, word: str) -> bool:
        """True if the dictionary says that ``word`` names a person; it says so of 陈述 too."""
        return self._kind(word).startswith("nr")

    def is_noun(self, word: str) -> bool:
        """True if the dictionary says that ``word`` is a noun or a name."""
        return self._kind(word).startswith("n")

    def is_doing(self, word: str) -> bool:
        """True if the dictionary says that ``word`` is a verb or an adverb."""
        return self._kind(word).startswith(("v", "d"))

    def is_telling(self, word: str) -> bool:
        """True of nouns, verbs, set phrases that name no person or place, and of words added."""
        kind = self._kind(word)
        telling = kind[:1] in ("n", "v", "j", "l") and kind != "ns" and not kind.startswith("nr")
        return telling or word in self._added

    def is_proper(self, word: str) -> bool:
        """True of names and of what is called in short, as 政协; the dictionary has too many."""
        return self._kind(word).startswith(_PROPER)

    def is_common(self, word: str) -> bool:
        """True of words that name nothing, count nothing and tell no time, and of words added."""
        kind = self._kind(word)
        return (bool(kind) and not kind.startswith((*_PROPER, *_COUNTING))) or word in self._added

    def _kind(self, word: str) -> str:
        self._meet(word[:1])
        return self._kinds.get(word, "")

    def words_with(self, part: str) -> list[str]:
        """The words that ``part`` stands in, most frequent first, then in dictionary order."""
        self.check_initialized()
        found, at = dict[str, int](), self._text.find(part)
        while at >= 0:
            start, end = self._text.rfind("\n", 0, at) + 1, self._text.index("\n", at)
            word, count = self._text[start:end].split(" ")[:2]
            if part in word:
                found[word] = int(count)
            at = self._text.find(part, end)
        found |= {word: count for word, count in self._added.items() if part in word}
        return sorted(filter(found.get, found), key=lambda word: -found[word])

    def _meet(self, text: Iterable[str]) -> None:
        """Have the words that begin with any character of ``text``."""
        self.check_initialized()
        if self._blocks.keys().isdisjoint(text):
            return
        with self.lock:
            for char in self._blocks.keys() & set(text):
                for start, end in self._blocks.get(char, ()):
                    self._parse(self._text[start:end])
                # Only now: another thread must not believe them there while they are not.
                self._blocks.pop(char, None)

    def _parse(self, lines: str) -> None:
        """Note each word with its count and, as jieba wants them, its beginnings with 0."""
        for line in lines.splitlines():
            word, count, kind = line.split(" ")
            self.FREQ[word] = int(count)
            self._kinds[word] = kind
            for end in range(1, len(word)):
                self.FREQ.setdefault(word[:end], 0)
