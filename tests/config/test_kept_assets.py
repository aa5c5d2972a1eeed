"""A demo that runs while the front end is built again keeps what its pages name."""

import os

from config.setup import site


def build(folder, *names, age=0.0):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
        os.utime(path, (1_000_000 - age, 1_000_000 - age))


def test_assets_of_the_last_week_are_carried_over_and_nothing_else(tmp_path, monkeypatch):
    static, previous = tmp_path / "static", tmp_path / "static-previous"
    monkeypatch.setattr(site, "STATIC", static)
    build(static, "app/assets/main-new.css", "app/assets/same.js")
    build(previous, "app/assets/main-old.css", "ui/old.svg", age=3600)
    build(previous, "app/assets/main-ancient.css", age=site.KEPT + 1)
    build(previous, "app/assets/same.js", age=3600)

    site.keep_for_running(previous, now=1_000_000)

    found = sorted(str(path.relative_to(static)) for path in static.rglob("*") if path.is_file())
    assert found == ["app/assets/main-new.css", "app/assets/main-old.css", "app/assets/same.js"]
    assert not previous.exists()
