"""Words shown against the words of the answer: CMRC 2018's exact match and F1, and ROUGE-L.

Exact match and F1 follow the evaluation script (version 5) of CMRC 2018 (Cui et al. 2019,
"A Span-Extraction Dataset for Chinese Machine Reading Comprehension", EMNLP); ROUGE-L is
Lin 2004's F-measure with equal weights, by the rouge-score library, on characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from nltk.tokenize.destructive import NLTKWordTokenizer
from rouge_score.rouge_scorer import RougeScorer

from eval.measures.known import by_measure, known, shown
from eval.measures.per_question import PerQuestion
from eval.record import Record
from kb.text.chars import searchable

# The script's list also has the two-character "……", which no single character ever equals:
# there "…" is not a mark, and so it isn't here.
MARKS = "-:_*^/\\~`+=，。：？！“”；’《》·、「」（）－～『』"
_ALONE = re.compile(rf"([\u4e00-\u9fa5{re.escape(MARKS)}])")
_DROP_MARKS = str.maketrans("", "", MARKS)
_ENGLISH = NLTKWordTokenizer()


def segments(text: str, *, punctuation: bool) -> list[str]:
    """CMRC 2018's mixed segmentation of ``text`` in lower case.

    Each Chinese character (U+4E00 to U+9FA5) and each of ``MARKS`` is a segment; what stands
    between them is cut into English words. ``punctuation=False`` drops the marks first, as
    the script does for F1 (COVID-19 is then one word, covid19). The script also cuts such
    runs into English sentences before words, which asks for a model to be downloaded; it
    differs only in full stops inside a run of several English sentences.
    """
    lowered = text.lower().strip()
    if not punctuation:
        lowered = lowered.translate(_DROP_MARKS)
    tokens: list[str] = []
    for piece in filter(None, _ALONE.split(lowered)):
        tokens += [piece] if _ALONE.fullmatch(piece) else _ENGLISH.tokenize(piece)
    return tokens


def exact_match(prediction: str, answers: Iterable[str]) -> float:
    """1 if ``prediction`` equals an answer, case, marks and white space at the ends aside.

    White space inside counts, as in CMRC 2018. An empty prediction has 0.
    """
    given = _without_marks(prediction)
    return float(bool(given) and any(_without_marks(answer) == given for answer in answers))


def _without_marks(text: str) -> str:
    return text.lower().strip().translate(_DROP_MARKS)


def f1(prediction: str, answers: Iterable[str]) -> float:
    """CMRC 2018's F1 against the best answer: 0 to 1.

    What is shared is the longest run of segments that both have (marks dropped); precision
    and recall are its shares of the prediction's and the answer's segments.
    """
    given = segments(prediction, punctuation=False)
    wanted = [segments(answer, punctuation=False) for answer in answers]
    return max((_run_f1(given, answer) for answer in wanted), default=0.0)


def _run_f1(given: Sequence[str], wanted: Sequence[str]) -> float:
    matcher = SequenceMatcher(None, given, wanted, autojunk=False)
    shared = matcher.find_longest_match().size
    return 2 * shared / (len(given) + len(wanted)) if shared else 0.0


class _Characters:
    """rouge-score's tokenizer: the characters of a folded text, white space aside."""

    def tokenize(self, text: str) -> list[str]:
        return list(searchable(text))


_ROUGE = RougeScorer(["rougeL"], tokenizer=_Characters())


def rouge_l(prediction: str, answers: Iterable[str]) -> float:
    """ROUGE-L's F-measure on characters against the best answer: 0 to 1."""
    scores = (_ROUGE.score(answer, prediction)["rougeL"].fmeasure for answer in answers)
    return max((float(score) for score in scores), default=0.0)


def reading(records: Iterable[Record]) -> PerQuestion:
    """Exact match, F1 and ROUGE-L over answerable questions with answers.

    ``exact_match``, ``f1``, ``rouge_l`` are those of what is emphasised in the first quote
    shown (the whole quote where nothing is; a refusal has 0), ``rouge_l_whole`` of that whole
    quote, ``rouge_l_all`` of all quotes shown, one after the other; ``…_forced`` of the first
    there would have been had refusing been off.
    """
    return by_measure({record.id: _row(record) for record in known(records)})


def _row(record: Record) -> dict[str, float]:
    answers, quotes = record.question.answers, shown(record)
    first = "".join(quote.answer for quote in quotes[:1])
    whole = "".join(quote.text for quote in quotes[:1])
    every = "".join(quote.text for quote in quotes)
    forced = "".join(quote.answer for quote in record.forced[:1])
    rouge = {text: rouge_l(text, answers) for text in {first, whole, every, forced}}
    return {
        "exact_match": exact_match(first, answers),
        "f1": f1(first, answers),
        "rouge_l": rouge[first],
        "rouge_l_whole": rouge[whole],
        "rouge_l_all": rouge[every],
        "exact_match_forced": exact_match(forced, answers),
        "f1_forced": f1(forced, answers),
        "rouge_l_forced": rouge[forced],
    }
