"""Names as people may spell them: in Cyrillic or in Latin letters of any transliteration, with ё or with е.

    Воробьёв, Воробьев, Vorobyov, Vorob'ev, Vorobyev   ──fold──►   vorobev

Folding only helps to find and to compare. It is never shown and never stored.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from itertools import combinations

from msgspec import Struct

from server.domain.documents import Prisoner

ALIKE = 0.86
"""How alike two folded names must be; below it, other people's names are as near as one's own misspelt."""
COMMON = 60
"""A word that so many names share tells nobody apart."""

_LETTERS = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґў",
        "a b v g d e e zh z i i k l m n o p r s t u f h ts ch sh sch _ i _ e u a i i e g u".replace("_", "").split(" "),
        strict=True,
    )
)
_MARKED = str.maketrans({"š": "sh", "č": "ch", "ž": "zh", "ŝ": "sch", "ё": "е", "й": "и", **dict.fromkeys("'’ʹ\"ʺ`")})
# What the usual transliterations do differently is made the same, longer spellings first.
_SPELLINGS = (
    ("shch", "sch"),
    ("szcz", "sch"),
    ("cz", "ch"),
    ("sz", "sh"),
    ("yo", "e"),
    ("kh", "h"),
    ("tz", "ts"),
    ("x", "ks"),
    ("w", "v"),
    ("ph", "f"),
    ("j", "i"),
    ("y", "i"),
)
_BARE_SC = re.compile(r"sc(?!h)")
_GLIDE = re.compile(r"(?<=[a-z])i+(?=[aeou])")
_FIRST_GLIDE = re.compile(r"^i(?=[aeu])")
_DOUBLED = re.compile(r"(.)\1+")
_WORD = re.compile(r"[^\W_]+")


class Pair(Struct, frozen=True):
    """Two prisoners who may be one, and how alike their names are (1: the same)."""

    one: str
    other: str
    likeness: float


def fold(text: str) -> str:
    """Fold the words of a name, in their order."""
    apart = unicodedata.normalize("NFC", text.lower()).translate(_MARKED)
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", apart) if not unicodedata.combining(letter))
    return " ".join(_fold_word(word) for word in _WORD.findall(plain))


def keys(prisoner: Prisoner) -> frozenset[str]:
    """Name the words somebody may be looked for by."""
    return frozenset(word for name in (prisoner.name.ru, prisoner.name.en) for word in fold(name).split())


def marks(prisoner: Prisoner) -> frozenset[str]:
    """Name what doubles have in common with somebody, in at least one: a whole name, a word of it, how a word begins."""
    return frozenset(_marks(_sorted(prisoner)))


def finds(asked: str, words: Iterable[str]) -> bool:
    """Tell whether every word that was asked for begins one of these. A last `i` may be half a letter: Voroby(ov)."""
    known = tuple(words)
    parts = [part.rstrip("i") or part for part in fold(asked).split()]
    return all(any(word.startswith(part) for word in known) for part in parts)


def duplicates(prisoners: Mapping[str, Prisoner]) -> list[Pair]:
    """Pair those who may be one person, the most alike first: names alike, and no two birth years that differ."""
    people = {name: one for name, one in prisoners.items() if one.merged_into is None}
    folded = {name: _sorted(one) for name, one in people.items()}
    pairs = {
        pair
        for shared in _by_word(folded).values()
        if len(shared) <= COMMON
        for pair in combinations(sorted(shared), 2)
    }
    found = [Pair(one, other, likeness(people[one], people[other])) for one, other in pairs]
    return sorted(
        (pair for pair in found if pair.likeness >= ALIKE), key=lambda pair: (-pair.likeness, pair.one, pair.other)
    )


def likeness(one: Prisoner, other: Prisoner) -> float:
    """Measure how alike two people's names are, in whichever language they are most; 0 where birth years differ."""
    if one.born and other.born and one.born[:4] != other.born[:4]:
        return 0.0
    return max((_alike(mine, theirs) for mine in _sorted(one) for theirs in _sorted(other)), default=0.0)


def are_alike(one: str, other: str) -> bool:
    """Tell whether two names may be one, whatever order their words stand in."""
    mine, theirs = (" ".join(sorted(fold(name).split())) for name in (one, other))
    return _alike(mine, theirs) >= ALIKE


def _alike(one: str, other: str) -> float:
    """How alike two folded names are; just enough where one leaves out or shortens what the other has in full."""
    ratio = _ratio(one, other)
    short, full = sorted((one.split(), other.split()), key=len)
    return ALIKE if ratio < ALIKE and _is_short_for(short, full) else ratio


def _is_short_for(short: list[str], full: list[str]) -> bool:
    """Tell whether one word of a name is another's, and all others are too, or initials: patronymics are often left out."""
    whole = [word for word in short if len(word) > 1 and word in full]
    rest = [word for word in full if word not in whole]
    others = [word for word in short if word not in whole]
    return bool(whole) and len(short) > 1 and all(any(_is_initial(word, one) for one in rest) for word in others)


def _is_initial(one: str, other: str) -> bool:
    return min(len(one), len(other)) == 1 and one[0] == other[0]


def _ratio(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE else 0.0


def _sorted(prisoner: Prisoner) -> tuple[str, ...]:
    """Somebody's folded names, their words in alphabetical order: a surname may stand first or last."""
    names = (fold(name) for name in (prisoner.name.ru, prisoner.name.en) if name)
    return tuple(sorted({" ".join(sorted(name.split())) for name in names if name}))


def _by_word(folded: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    """Who has a word in common: only those are compared, as all with all would be a million pairs."""
    shared: dict[str, set[str]] = {}
    for name, texts in folded.items():
        for word in _marks(texts):
            shared.setdefault(word, set()).add(name)
    return shared


def _marks(texts: Iterable[str]) -> Iterator[str]:
    """Names, which tell apart where their words are everybody's; the words, and their first four letters: slips come late."""
    for text in texts:
        yield text
        for word in text.split():
            yield word
            yield word[:4]


def _fold_word(word: str) -> str:
    latin = "".join(_LETTERS.get(letter, letter) for letter in word)
    for spelling, one in _SPELLINGS:
        latin = latin.replace(spelling, one)
    return _DOUBLED.sub(r"\1", _GLIDE.sub("", _FIRST_GLIDE.sub("", _BARE_SC.sub("sch", latin))))
