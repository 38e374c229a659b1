"""Suggested pseudonyms: two friendly words that name a thing, so that nobody can take them for a person's name.

All Russian nouns are masculine, so that every adjective fits every noun; things that are also surnames are left out.
"""

import random
import secrets
from typing import Literal

_ADJECTIVES = (
    ("Тихий", "Quiet"),
    ("Тёплый", "Warm"),
    ("Светлый", "Bright"),
    ("Зимний", "Wintry"),
    ("Весенний", "Vernal"),
    ("Полосатый", "Striped"),
    ("Медный", "Copper"),
    ("Янтарный", "Amber"),
    ("Лиловый", "Lilac"),
    ("Синий", "Blue"),
    ("Дальний", "Distant"),
    ("Утренний", "Early"),
    ("Вечерний", "Evening"),
    ("Неспешный", "Unhurried"),
    ("Бумажный", "Paper"),
    ("Стеклянный", "Glass"),
    ("Шерстяной", "Woollen"),
    ("Звёздный", "Starry"),
    ("Приморский", "Seaside"),
    ("Попутный", "Passing"),
)
_NOUNS = (
    ("маяк", "Lighthouse"),
    ("фонарик", "Lantern"),
    ("конверт", "Envelope"),
    ("чайник", "Teapot"),
    ("компас", "Compass"),
    ("зонтик", "Umbrella"),
    ("кораблик", "Paper-boat"),
    ("карандаш", "Pencil"),
    ("глобус", "Globe"),
    ("самокат", "Scooter"),
    ("телескоп", "Telescope"),
    ("одуванчик", "Dandelion"),
    ("подсолнух", "Sunflower"),
    ("якорь", "Anchor"),
    ("трамвай", "Tram"),
    ("ручеёк", "Brook"),
    ("парус", "Sail"),
    ("плед", "Blanket"),
    ("колокольчик", "Bluebell"),
    ("блокнот", "Notebook"),
)


def suggest(language: Literal["ru", "en"] = "ru", chance: random.Random | None = None) -> str:
    """Suggest a pseudonym such as “Тихий маяк” or “Quiet Lighthouse”. `chance` makes it repeatable."""
    dice = chance or secrets.SystemRandom()
    column = 0 if language == "ru" else 1
    return f"{dice.choice(_ADJECTIVES)[column]} {dice.choice(_NOUNS)[column]}"
