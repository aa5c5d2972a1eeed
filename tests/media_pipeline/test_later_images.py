"""What comes to a study after the moment that a release stands for is not in it, and the readers are told."""

from __future__ import annotations

import importlib
from datetime import timedelta

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from pydicom import dcmread
from pydicom.uid import generate_uid

from media_pipeline import api
from media_pipeline.contracts import PatientIdentifiers
from media_pipeline.models import IdentifiedInstance, IdentifiedStudy, TeachingRelease
from tests.factories.signing_in import sign_in

LATER = timedelta(days=1)
STORED = timedelta(seconds=1)  # what was sent is stored by a job
CLOSED = timedelta(hours=1)


def send(place, files, at, run_jobs):
    api.store_instances(
        actor=place.actor(place.requester), organisation_id=place.county.pk, source="form", files=files, now=at
    )
    run_jobs(at)


@pytest.fixture
def another_series(head_slices, tmp_path):
    """Two more slices of the same study, as a series of their own."""
    series, files = generate_uid(), []
    for number, path in enumerate(head_slices[10:12]):
        dataset = dcmread(path)
        dataset.SeriesInstanceUID, dataset.SOPInstanceUID = series, generate_uid()
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
        files.append(tmp_path / f"{number}.dcm")
        dataset.save_as(files[-1])
    return files


def release_of(place, now, run_jobs, **changes):
    release_id = api.start_release(
        study_ids=[IdentifiedStudy.unscoped.get().pk],
        texts={"history": "Breathless for two weeks."},
        identifiers=PatientIdentifiers(),
        organisation_id=place.province.pk,
        now=now,
        **changes,
    )
    run_jobs(now)
    return TeachingRelease.objects.get(pk=release_id)


def page_of(place, release):
    client = sign_in(Client(), place.officer)
    client.cookies["xinglin_language"] = "en"
    return client.get(reverse("media_pipeline:deid_release", args=[release.pk])).content.decode()


def test_a_series_that_came_later_is_left_out_and_the_readers_are_told(
    place, head_slices, another_series, now, run_jobs
):
    # given two slices at closing, and a series of two a day later
    send(place, head_slices[:2], now, run_jobs)
    send(place, another_series, now + LATER, run_jobs)
    assert IdentifiedStudy.unscoped.get().instance_count == 4
    # when the release is prepared afterwards
    release = release_of(place, now + 2 * LATER, run_jobs, images_until=now + CLOSED)
    # then it holds what was there
    taken = release.candidates.values_list("instance__arrived_at", flat=True)
    assert (release.state, list(taken)) == ("pixel_review", [now + STORED] * 2)
    assert "2 images came to these studies after the consult was closed. They were left out." in page_of(place, release)


def test_a_release_of_no_moment_takes_all_and_says_nothing(place, head_slices, another_series, now, run_jobs):
    send(place, head_slices[:2], now, run_jobs)
    send(place, another_series, now + LATER, run_jobs)
    release = release_of(place, now + 2 * LATER, run_jobs)
    assert release.candidates.count() == 4
    assert "after the consult was closed" not in page_of(place, release)


def test_what_came_after_the_preparing_is_told_too(place, head_slices, another_series, now, run_jobs):
    send(place, head_slices[:2], now, run_jobs)
    release = release_of(place, now, run_jobs, images_until=now + CLOSED)
    assert "after the consult was closed" not in page_of(place, release)
    send(place, another_series[:1], now + LATER, run_jobs)
    assert release.candidates.count() == 2
    assert "1 image came to these studies after the consult was closed. It was left out." in page_of(place, release)


def test_objects_of_older_code_get_the_moment_of_their_first_delivery(place, head_slices, now, run_jobs):
    send(place, head_slices[:1], now, run_jobs)
    send(place, head_slices[:1], now + LATER, run_jobs)  # once more: a duplicate
    IdentifiedInstance.objects.update(arrived_at=None)
    migration = importlib.import_module("media_pipeline.migrations.0013_when_objects_arrived")
    migration.fill(apps, None)
    assert IdentifiedInstance.objects.get().arrived_at == now


def test_an_object_without_a_moment_counts_as_there(place, head_slices, now, run_jobs):
    send(place, head_slices[:1], now, run_jobs)
    IdentifiedInstance.objects.update(arrived_at=None)
    assert release_of(place, now + LATER, run_jobs, images_until=now - LATER).candidates.count() == 1
