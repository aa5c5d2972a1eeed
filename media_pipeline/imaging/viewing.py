"""What a viewer page shows of one study, on either side: one series, one frame, what stands in its corners."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from media_pipeline.cage import BadFile
from media_pipeline.contracts import SeriesFacts
from media_pipeline.imaging.locating import Located, locate
from media_pipeline.imaging.presets import Preset, automatic, presets_for
from media_pipeline.imaging.rendering import measure_identified, measure_teaching
from media_pipeline.models import IdentifiedStudy, KeyImage, TeachingStudy
from media_pipeline.selectors import series_facts

NUMBER_SLOT = "999999"  # stands where the script puts a frame number


@dataclass(frozen=True, slots=True)
class SeriesTab:
    facts: SeriesFacts
    url: str
    thumbnail: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class ViewerPage:
    """Frame numbers count from 1 through the whole series. `window` is what the picture is shown with by default."""

    study: IdentifiedStudy | TeachingStudy
    is_teaching: bool
    tabs: list[SeriesTab] = field(default_factory=list)
    current: SeriesFacts | None = None
    frame: int = 1
    preset: Preset | None = None
    presets: list[Preset] = field(default_factory=list)
    window: dict[str, float] | None = None
    letters: dict[str, str] = field(default_factory=dict)
    thickness: float | None = None
    picture: str = ""
    picture_pattern: str = ""
    is_key_image: bool = False
    key_frames: list[int] = field(default_factory=list)
    trouble: str = ""

    @property
    def has_pictures(self) -> bool:
        return self.current is not None

    @property
    def address(self) -> str:
        return reverse(f"media_pipeline:{'teaching_viewer' if self.is_teaching else 'viewer'}", args=[self.study.pk])

    @property
    def fragment(self) -> str:
        name = "teaching_fragment" if self.is_teaching else "viewer_fragment"
        return reverse(f"media_pipeline:{name}", args=[self.study.pk])

    @property
    def previous(self) -> int | None:
        return self.frame - 1 if self.frame > 1 else None

    @property
    def following(self) -> int | None:
        return self.frame + 1 if self.current and self.frame < self.current.frames else None


def frame_url(study: IdentifiedStudy | TeachingStudy, series: int, frame: int | str) -> str:
    name = "teaching_frame" if isinstance(study, TeachingStudy) else "frame"
    return reverse(f"media_pipeline:{name}", args=[study.pk, series, frame])


def viewer_page(study: IdentifiedStudy | TeachingStudy, *, series: int, frame: int, preset: str) -> ViewerPage:
    """The page for one frame; a number out of range is brought into it."""
    is_teaching = isinstance(study, TeachingStudy)
    all_series = series_facts(study)
    if not all_series:
        return ViewerPage(study, is_teaching)
    current = all_series[min(max(series, 1), len(all_series)) - 1]
    number = min(max(frame, 1), current.frames)
    located = locate(study, current.index, number)
    facts = located.instance.facts
    window, trouble = _measured(study, located)
    presets = presets_for(current.modality, current.body_part, facts) or automatic(window)
    chosen = next((item for item in presets if item.name == preset), None)
    query = f"?centre={chosen.centre:g}&width={chosen.width:g}" if chosen else ""
    keys = [] if isinstance(study, TeachingStudy) else _key_frames(study, current)
    return ViewerPage(
        study=study,
        is_teaching=is_teaching,
        tabs=[_tab(study, item, current) for item in all_series],
        current=current,
        frame=number,
        preset=chosen,
        presets=presets,
        window=window,
        letters=facts.get("letters") or {},
        thickness=facts.get("thickness"),
        picture=frame_url(study, current.index, number) + query,
        picture_pattern=frame_url(study, current.index, int(NUMBER_SLOT)),
        is_key_image=number in keys,
        key_frames=keys,
        trouble=trouble,
    )


def _tab(study: IdentifiedStudy | TeachingStudy, item: SeriesFacts, current: SeriesFacts) -> SeriesTab:
    middle = (item.frames + 1) // 2
    return SeriesTab(
        facts=item,
        url=f"?series={item.index}",
        thumbnail=frame_url(study, item.index, middle) + "?side=96",
        is_current=item.index == current.index,
    )


def _measured(study: IdentifiedStudy | TeachingStudy, located: Located[Any]) -> tuple[dict[str, float] | None, str]:
    """(The window the picture gets by default, None for colour; the sentence when it cannot be read.)"""
    try:
        if isinstance(study, TeachingStudy):
            return measure_teaching(located.instance, study.release, located.frame), ""
        return measure_identified(located.instance, located.frame), ""
    except BadFile as error:
        return None, error.sentence()


def _key_frames(study: IdentifiedStudy, current: SeriesFacts) -> list[int]:
    """Key images of the series as frame numbers through it."""
    marks = KeyImage.objects.filter(instance__series=current.id).values_list("instance", "frame")
    if not marks:
        return []
    starts, before = {}, 0
    instances = study.series.get(pk=current.id).instances.filter(frames__gt=0)
    for instance_id, frames in instances.values_list("pk", "frames"):
        starts[instance_id] = before
        before += frames
    return sorted(starts[instance_id] + frame for instance_id, frame in marks if instance_id in starts)
