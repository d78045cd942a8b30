"""How heavy a text is to read."""

import re

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+(?:[.,:]\d+)*")
_SENTENCE_END = re.compile(r"[.!?:…]+[»”\"')\]]*(?=\s|$)")
_LONG_WORD_FROM = 7


def words_of(text: str) -> list[str]:
    """Give the words of a text in their order; a hyphened word and a number are one word each."""
    return _WORD.findall(text)


def sentences_of(text: str) -> list[str]:
    """Give the sentences of a text, cut after full stop, colon, question mark, exclamation mark and ellipsis.

    The full stop of an abbreviation counts too. A piece without words is none; a text with words but without an end mark is one sentence.
    """
    return [piece.strip() for piece in _SENTENCE_END.split(text) if words_of(piece)]


def lix(text: str) -> float:
    """Compute the readability index LIX of C. H. Björnsson (Läsbarhet, 1968).

    LIX = words / sentences + 100 * long words / words, where a long word has more than six letters.
    Below 30 reads like a children's book, 30-40 is easy, 40-50 medium, above 50 heavy. Made for Swedish,
    used for Danish and Norwegian too; it says nothing about Finnish. A text without words gives 0.
    Meaningful from some thirty words on: put short texts together before measuring.
    """
    words = words_of(text)
    if not words:
        return 0.0
    long_words = sum(len(word) >= _LONG_WORD_FROM for word in words)
    return len(words) / len(sentences_of(text)) + 100 * long_words / len(words)
