"""Every string a person sees exists in both languages. A fuzzy translation counts as missing."""

from __future__ import annotations

import pytest

from core.translation.catalogs import LANGUAGES, gaps
from core.translation.packages import own_packages


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("package", own_packages(), ids=lambda package: package.name)
def test_package_is_translated(package, language):
    missing = gaps(package, language)

    assert missing == [], f"{package.name} has {len(missing)} strings without {language}: {missing[:20]}"
