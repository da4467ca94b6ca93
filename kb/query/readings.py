"""Other ways to read a question: with the subject of the story, or of the questions before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kb.query.asked import plainly_asked
from kb.query.directory import Directory
from kb.query.follow_up import Carried, Resolved, asking_words, led, resolved
from kb.query.parse import Query
from kb.text.tokens import carrying, rarity, segmenter, tokens

Held = Callable[[str], bool]

CONTEXT = 4  # words that a story lends to its question
CHAIN = 6  # words that the questions before lend to one
# Least confidence in an answer to one that is led by the story or the part before it, by the
# question before it, and to one in a story that names nothing.
LED, FOLLOWED, VAGUE = 0.25, 0.5, 0.5
LONGEST = 40  # code points of a question that may lack something though it has a subject


_OF_IT = ("其中", "剩下", "其余", "余下")  # begin what cannot stand alone


def with_story(question: str, story: str, *, held: Held = lambda _: True) -> tuple[Resolved, ...]:
    """``question`` alone, and led by the few and the more words that tell of the ``story``.

    ``held`` says of a word whether letters have it.
    """
    few, more = (context_words(story, most=most, held=held) for most in (CONTEXT, 2 * CONTEXT))
    leads = (_about(words, question) for words in dict.fromkeys((few, more)) if words)
    return (Resolved(question=question), *leads)


def after(query: Query, before: Sequence[str], known: Directory) -> tuple[Resolved, ...]:
    """``query`` after the questions ``before`` it: alone, led by the last one, led by them all.

    Not alone where it cannot stand so; nothing else where it can, or puts a thing for another.
    """
    question = query.typed
    if not before:
        return (Resolved(question=question),)
    taken = resolved(query, before, known)
    if not taken.carried and question.startswith(_OF_IT):
        taken = led(query, before, known) or taken
    chain = _about(context_words("，".join(before), most=CHAIN), plainly_asked(question))
    if taken.carried:
        swapped = "：" not in taken.question
        return (taken,) if swapped else (taken, chain)
    if len(question) > LONGEST or query.named.letter_ids or query.listing:
        return (taken,)
    again = led(query, before, known)
    return tuple(dict.fromkeys((taken, *((again,) if again else ()), chain)))


def _about(words: str, question: str) -> Resolved:
    carried = (Carried(kind="subject", text=words),)
    return Resolved(question=f"{words}：{question}", carried=carried)


def context_words(text: str, *, most: int, held: Held = lambda _: True) -> str:
    """The ``most`` rarest words of ``text`` that carry a subject, in its order, spaces between."""
    asking = asking_words()
    words = [
        word
        for word in dict.fromkeys(carrying(tokens(text)))
        if len(word) > 1 and word not in asking and held(word)
    ]
    kept = set(sorted(words, key=rarity, reverse=True)[:most])
    return " ".join(word for word in words if word in kept)


def own_nouns(question: str) -> tuple[str, ...]:
    """The nouns of ``question`` that tell what it is about."""
    asking = asking_words()
    return tuple(
        word
        for word in carrying(tokens(question))
        if len(word) > 1 and word not in asking and segmenter().is_noun(word)
    )
