"""The teaching video: made from the released images, put into the course, watched by a learner, and gone in the end.

A browser without JavaScript does here by hand what the player does: it reads the playlist, asks for the key, decrypts a
segment (RFC 8216, 4.3.2.4), decodes it, and reports where it stopped.
"""

from __future__ import annotations

import re
import subprocess
from urllib.parse import urljoin

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from config.story.acts.teaching import open_case
from config.story.browser import Browser, Page
from config.story.telling import Telling, refuse
from media_pipeline.video.ladder import tool

PACKET = 188  # bytes of an MPEG transport stream packet (ISO/IEC 13818-1, 2.4.3.2)
SYNC = 0x47
NO_LOOP = 422  # several pictures, but neither a loop nor slices of one size
VIDEO = "video[data-hls]"
PLACE = f"[data-position-url]:has({VIDEO})"


def make_video(telling: Telling) -> None:
    """The author opens the case's images and asks for a video of them; a job makes it.

    A visitor's own study may hold nothing that runs: then the course has no video.
    """
    author, tale = telling.person("author"), telling.tale
    case = open_case(author, author.get("/cases/"), tale.case_title)
    viewer = author.get(case.link("/teaching/studies/"))
    asked = _asked(author, viewer, tale.video_title)
    if asked is None:
        refuse(telling.is_sample, viewer, "no video can be made of these images")
        telling.say("video", seconds=0, pictures=0, ladder=0, made="no loop in these images")
        return
    pictures, page = asked
    page = author.wait_for(
        page.url, lambda shown: shown.soup.find("video") is not None, "the video to be made", telling.patience
    )
    telling.known["video"] = page.url
    seconds = _figure(page, VIDEO, "data-seconds")
    telling.known["video_seconds"] = str(seconds)
    telling.say("video", seconds=f"{seconds:.1f}", pictures=f"{pictures:g}", ladder=len(_playlists(author, page)))
    wrong = telling.is_sample and round(seconds, 1) != tale.video_seconds
    refuse(wrong, page, f"the video has {seconds:.1f} seconds")


def _asked(author: Browser, viewer: Page, title: str) -> tuple[float, Page] | None:
    """(Pictures of the first series that holds a loop or a volume, the page of its video); None where none does."""
    for one in dict.fromkeys(re.findall(r'href="([^"]*\?series=\d+)"', viewer.response.text)):
        shown = author.get(urljoin(viewer.url, one))
        if not any("/video/" in str(node.get("action")) for node in shown.soup.find_all("form")):
            continue
        page = author.submit(shown, shown.form("/video/"), {"title": title}, expect=None)
        if page.status == 200:
            return _figure(shown, "[data-viewer]", "data-frames"), page
        refuse(page.status != NO_LOOP, page, "the series can be asked for a video and none is made")
    return None


def _attribute(page: Page, selector: str, name: str) -> str:
    node = page.soup.select_one(selector)
    if node is None or not node.get(name):
        raise page.fault(f"nothing like {selector} with {name}")
    return str(node[name])


def _figure(page: Page, selector: str, name: str) -> float:
    return float(_attribute(page, selector, name))


def _playlists(browser: Browser, page: Page) -> list[str]:
    """Addresses of the ladder's playlists, from the master playlist of the video on `page`."""
    master = urljoin(page.url, _attribute(page, VIDEO, "data-hls"))
    lines = browser.get(master).response.text.splitlines()
    return [urljoin(master, line) for line in lines if line and not line.startswith("#")]


def watch(telling: Telling) -> None:
    """The learner plays a segment, stops, and finds the page going on at that second."""
    learner = telling.person(telling.tale.learner)
    if "video" not in telling.known:
        telling.say("watch", segments=0, frames=0, resumes_at="-")
        return
    unit = f"{telling.known['enrolment']}units/1/"
    page = learner.get(unit)
    playlist = _playlists(learner, page)[0]
    key_url, iv, segments = _read_playlist(learner.get(playlist))
    sealed = learner.raw(segments[0]).content
    plain = _opened(sealed, learner.raw(key_url).content, iv)
    refuse(plain[0] != SYNC or plain[PACKET] != SYNC, page, "the segment does not decrypt to a transport stream")
    refuse(sealed[:PACKET] == plain[:PACKET], page, "the segment is not encrypted")
    telling.known["video_files"] = " ".join((playlist, key_url, *segments))
    stop = telling.tale.stopped_at
    if stop > (seconds := float(telling.known["video_seconds"])):  # a visitor's own loop may be short
        stop = round(seconds / 2, 1)
    answer = learner.post(page, _attribute(page, PLACE, "data-position-url"), {"position": f"{stop:.1f}"})
    refuse(answer.status_code != 204, page, f"the position was answered by {answer.status_code}")
    resumed = _figure(learner.get(unit), PLACE, "data-position")
    telling.say("watch", segments=len(segments), frames=_frames(plain), resumes_at=f"{resumed:g}s")
    refuse(resumed != stop, page, f"the video goes on at {resumed:g} s instead of {stop:g} s")


def _read_playlist(page: Page) -> tuple[str, bytes, list[str]]:
    """(Address of the key, initialisation vector, addresses of the segments)."""
    text = page.response.text
    found = re.search(r'#EXT-X-KEY:METHOD=AES-128,URI="([^"]+)",IV=0x([0-9a-fA-F]{32})', text)
    if found is None:
        raise page.fault("the segments are not encrypted")
    names = [line for line in text.splitlines() if line and not line.startswith("#")]
    return urljoin(page.url, found[1]), bytes.fromhex(found[2]), [urljoin(page.url, name) for name in names]


def _opened(sealed: bytes, key: bytes, iv: bytes) -> bytes:
    decryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
    return decryptor.update(sealed) + decryptor.finalize()


def _frames(segment: bytes) -> int:
    """How many pictures the segment decodes to."""
    command = [tool(), "-v", "error", "-f", "mpegts", "-i", "pipe:0", "-f", "framecrc", "-"]
    decoded = subprocess.run(command, input=segment, capture_output=True, check=True)
    return sum(not line.startswith(b"#") for line in decoded.stdout.splitlines())


def video_is_gone(telling: Telling) -> int:
    """Nothing of the video answers any more, and the unit says so; how many addresses were asked for."""
    if "video" not in telling.known:
        return 0
    learner = telling.person(telling.tale.learner)
    unit = learner.get(f"{telling.known['enrolment']}units/1/")
    refuse(unit.soup.find("video") is not None, unit, "the unit still shows the video")
    addresses = [telling.known["video"], f"{telling.known['video']}poster.jpg", *telling.known["video_files"].split()]
    for address in addresses:
        status = learner.raw(address).status_code
        refuse(status != 404, unit, f"{address} still answers {status} after the withdrawal")
    return len(addresses)
