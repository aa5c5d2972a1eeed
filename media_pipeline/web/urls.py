from django.urls import URLPattern, URLResolver, path

from media_pipeline.rest.urls import urlpatterns as dicomweb
from media_pipeline.web import alike, deid, imaging, looking, reading, video

app_name = "media_pipeline"

_study = "imaging/studies/<uuid:study_id>/"
_teaching = "teaching/studies/<uuid:study_id>/"
_release = "deid/<uuid:release_id>/"
_corners = "<int:left>,<int:top>,<int:width>,<int:height>"
_alike = _release + "alike/<uuid:candidate_id>/" + _corners + "/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("imaging/upload/", imaging.upload, name="upload"),
    path("imaging/uploads/<uuid:upload_id>/", imaging.upload_detail, name="upload_detail"),
    path("imaging/uploads/<uuid:upload_id>/again/", imaging.upload_again, name="upload_again"),
    path("imaging/studies/", imaging.studies, name="studies"),
    path(_study, imaging.viewer, name="viewer"),
    path(_study + "fragment/", imaging.viewer_fragment, name="viewer_fragment"),
    path(_study + "series/<int:series>/frames/<int:frame>.jpg", imaging.frame, name="frame"),
    path(_study + "key-image/", imaging.key_image, name="key_image"),
    path(_teaching, imaging.teaching_viewer, name="teaching_viewer"),
    path(_teaching + "fragment/", imaging.teaching_fragment, name="teaching_fragment"),
    path(_teaching + "series/<int:series>/frames/<int:frame>.jpg", imaging.teaching_frame, name="teaching_frame"),
    path("deid/", deid.releases, name="deid_list"),
    path(_release, deid.release, name="deid_release"),
    path(_release + "frames/", looking.confirm_frames, name="deid_frames"),
    path(_release + "frames/back/", looking.take_frames_back, name="deid_frames_back"),
    path(_release + "texts/", reading.confirm_texts, name="deid_texts"),
    path(_release + "texts/back/", reading.take_texts_back, name="deid_texts_back"),
    path(_release + "strikes/", reading.strike_words, name="deid_strike"),
    path(_release + "strikes/<uuid:strike_id>/remove/", reading.remove_strike, name="deid_strike_remove"),
    path(_release + "again/", looking.again, name="deid_again"),
    path(_release + "confirm/back/", looking.take_confirmation_back, name="deid_confirm_back"),
    path(_release + "boxes/", looking.draw_box, name="deid_box"),
    path(_release + "boxes/<uuid:box_id>/move/", looking.move_box, name="deid_box_move"),
    path(_release + "boxes/<uuid:box_id>/remove/", looking.remove_box, name="deid_box_remove"),
    path(_release + "marks/", looking.leave_mark, name="deid_mark"),
    path(_alike, alike.sheet, name="deid_alike"),
    path(_alike + "decide/", alike.decide, name="deid_alike_decide"),
    path(_release + "confirm/", looking.confirm, name="deid_confirm"),
    path(_release + "refuse/", looking.refuse, name="deid_refuse"),
    path(_release + "pull/", looking.pull, name="deid_pull"),
    path(_release + "frames/<uuid:candidate_id>/<int:number>.jpg", deid.frame, name="deid_frame"),
    path(_release + "frames/<uuid:candidate_id>/" + _corners + ".jpg", alike.strip, name="deid_strip"),
    path(_teaching + "video/", video.make, name="video_make"),
    path("teaching/videos/<uuid:video_id>/", video.page, name="video"),
    path("teaching/videos/<uuid:video_id>/again/", video.again, name="video_again"),
    path("teaching/videos/<uuid:video_id>/key", video.key, name="video_key"),
    path("teaching/videos/<uuid:video_id>/poster.jpg", video.poster, name="video_poster"),
    path("teaching/videos/<uuid:video_id>/<str:name>", video.file, name="video_file"),
    *dicomweb,
]
