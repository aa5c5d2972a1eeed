"""Every string a person sees exists in both languages. A fuzzy translation counts as missing."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import django
import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.apps import apps
from django.conf import settings

from config import wagtail_words
from core.translation.catalogs import LANGUAGES, gaps, read_catalog
from core.translation.packages import own_packages


def plain(words):
    """One form, or all forms of a plural, as something that can be a key."""
    return words if isinstance(words, str) else tuple(words)


def files(message):
    return [path for path, _line in message.locations]


def words_of_libraries(language):
    """What installed libraries say for each (context, words): the first of INSTALLED_APPS wins, as in Django."""
    own = set(own_packages())
    folders = [Path(config.path) for config in apps.get_app_configs() if Path(config.path) not in own]
    said = {}
    for folder in [*folders, Path(django.__file__).parent / "conf"]:
        path = folder / "locale" / language / "LC_MESSAGES" / "django.mo"
        if path.exists():
            for message in read_mo(path.open("rb")):
                said.setdefault((message.context, plain(message.id)), plain(message.string))
    return said


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


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_ours_changes_what_a_librarys_page_says(language):
    """Ours win in the merged catalogue: "Images" as 影像 would rename the pictures of Wagtail's screens.

    Say it as the library does, or give ours a context.
    """
    theirs = words_of_libraries(language)
    changed = {}
    for package in own_packages():
        for message in read_catalog(package, language):
            words, ours = (message.context, plain(message.id)), plain(message.string)
            if message.id and ours and theirs.get(words, ours) != ours:
                changed[package.name, words] = (ours, theirs[words])

    assert theirs[None, "Images"] == "图片"
    assert changed == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_said_for_wagtail_are_wagtails_and_still_left_out_by_it(language):
    """`config/wagtail_words.py` holds no word that no screen asks for, and gives way when Wagtail says one itself."""
    folders = [Path(config.path) for config in apps.get_app_configs() if config.name.startswith("wagtail")]
    sources = [folder / "locale" / "en" / "LC_MESSAGES" / "django.po" for folder in folders]
    asked = {plain(m.id) for path in sources if path.exists() for m in read_po(path.open("rb"))}
    said, house = words_of_libraries(language), Path(settings.BASE_DIR) / "config"
    words = [m for m in read_catalog(house, language) if "config/wagtail_words.py" in files(m)]

    assert len(words) == len(wagtail_words.WORDS)
    assert [m.id for m in words if plain(m.id) not in asked] == []
    assert [m.id for m in words if said.get((m.context, plain(m.id)))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_admins_scripts_are_said_wholly(language):
    """Wagtail's scripts have a catalogue of their own; what its Chinese one lacks stands in ours."""
    folders = [Path(apps.get_app_config("wagtailadmin").path), Path(settings.BASE_DIR) / "config"]
    paths = [folder / "locale" / language / "LC_MESSAGES" / "djangojs.po" for folder in folders]
    said = {plain(m.id) for path in paths for m in read_po(path.open("rb")) if m.id and any(plain(m.string))}
    english = folders[0] / "locale" / "en" / "LC_MESSAGES" / "djangojs.po"

    assert {plain(m.id) for m in read_po(english.open("rb")) if m.id} - said == set()
