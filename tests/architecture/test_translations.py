"""Every string a person sees exists in both languages. A fuzzy translation counts as missing."""

from __future__ import annotations

from collections import defaultdict

import pytest

from core.translation.catalogs import LANGUAGES, gaps, read_catalog
from core.translation.packages import own_packages


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("package", own_packages(), ids=lambda package: package.name)
def test_package_is_translated(package, language):
    missing = gaps(package, language)

    assert missing == [], f"{package.name} has {len(missing)} strings without {language}: {missing[:20]}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_words_are_translated_in_one_way(language):
    """Django merges all catalogues into one: of two translations the same words would get either, by chance.

    Where a word means two things, its source says so by a context (`pgettext`).
    """
    said = defaultdict(dict)
    for package in own_packages():
        for message in read_catalog(package, language):
            if message.id and message.string:
                said[(message.context, str(message.id))].setdefault(str(message.string), package.name)
    different = {words: translations for words, translations in said.items() if len(translations) > 1}
    assert different == {}
