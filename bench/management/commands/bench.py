"""Measure, and compare with the targets of the design."""

from __future__ import annotations

import importlib
import os
import pkgutil
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

import bench.measures
from bench.figures import all_measurements
from config.environment import ROOT
from config.setup.data import prepare_data


class Command(BaseCommand):
    help = "One line per figure: name, value, unit, target, meets or short. Exit 1 when one is short."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="*", metavar="NAME", help="what to measure; everything when none is given")

    def handle(self, *args: Any, **options: Any) -> None:
        for module in pkgutil.iter_modules(bench.measures.__path__):
            importlib.import_module(f"bench.measures.{module.name}")
        known = all_measurements()
        names = options["names"] or list(known)
        if unknown := [name for name in names if name not in known]:
            raise CommandError(f"Unknown: {', '.join(unknown)}. There are: {', '.join(known)}.")
        if "XINGLIN_DATA" not in os.environ:
            _on_a_fresh_copy(names)
            return
        short = 0
        for name in names:
            for figure in known[name]():
                self.stdout.write(figure.line())
                self.stdout.flush()
                short += not figure.is_met
        if short:
            raise CommandError(f"{short} figures are short of their target.")


def _on_a_fresh_copy(names: list[str]) -> None:
    """The same command over a data folder made for it, so that two runs measure the same history."""
    with tempfile.TemporaryDirectory() as folder:
        prepare_data(Path(folder))
        settings = {**os.environ, "XINGLIN_DATA": folder, "DJANGO_SETTINGS_MODULE": "config.settings.dev"}
        done = subprocess.run([sys.executable, str(ROOT / "manage.py"), "bench", *names], env=settings, check=False)
    if done.returncode:
        sys.exit(done.returncode)
