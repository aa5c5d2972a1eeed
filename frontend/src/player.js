// Video over HLS: hls.js where the browser cannot play it itself. Resumes where the person stopped, reports the position.
// On <video>: data-hls (playlist), data-seconds. On it or on an element around it: data-position (seconds),
// data-position-url (POST). Words stand in the page already, hidden.
import Hls from "hls.js/light"; // no sound, no subtitles: the smaller build has all that a segment under AES-128 needs
import { csrfToken } from "./js/csrf.js";

const EVERY = 15_000; // milliseconds between two reports while it plays
const LEAST = 1; // seconds: less than this is the start
const TAIL = 1.5; // seconds before the end: whoever stopped there has seen it
const GLIMPSE = 2; // seconds fetched before anybody presses play: who only reads pays for one picture
const AHEAD = 20; // seconds fetched ahead while it plays
const WITHDRAWN = [403, 404, 410];

// The owner of the video draws it; the page around it knows whose progress it is.
function inherited(video, name) {
  const attribute = `data-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  return video.closest(`[${attribute}]`)?.dataset[name] ?? "";
}

function clock(seconds) {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

class Player {
  constructor(video) {
    this.video = video;
    this.root = video.closest("[data-player]") ?? video.parentElement;
    this.reportUrl = inherited(video, "positionUrl");
    const kept = Number(inherited(video, "position")) || 0;
    const length = Number(video.dataset.seconds) || Infinity;
    this.start = kept >= LEAST && kept < length - TAIL ? kept : 0;
    this.attach(this.start);
    this.furnish();
    if (this.reportUrl) this.keepPosition();
  }

  part(name) {
    return this.root.querySelector(`[data-video-${name}]`);
  }

  attach(seconds) {
    const { video } = this;
    if (Hls.isSupported()) {
      this.hls = new Hls({ startPosition: seconds, capLevelToPlayerSize: true, maxBufferLength: GLIMPSE });
      // hls.js tries other renditions and tries again; what was withdrawn stays withdrawn, and a person is told at once.
      this.hls.on(Hls.Events.ERROR, (_name, error) => {
        const status = error.response?.code;
        if (error.fatal || WITHDRAWN.includes(status)) this.fail(status);
        else if (error.type === Hls.ErrorTypes.NETWORK_ERROR) this.part("offline").hidden = false;
      });
      this.hls.on(Hls.Events.FRAG_BUFFERED, () => (this.part("offline").hidden = true));
      this.hls.loadSource(video.dataset.hls);
      this.hls.attachMedia(video);
      return;
    }
    video.src = video.dataset.hls;
    video.addEventListener("loadedmetadata", () => (video.currentTime = seconds), { once: true });
    video.addEventListener("error", () => this.failNatively(), { once: true });
  }

  // A withdrawn video and a lost line read differently: only the first takes the picture away.
  fail(status) {
    this.hls?.destroy();
    this.hls = null;
    if (!WITHDRAWN.includes(status)) {
      this.part("offline").hidden = false;
      return;
    }
    this.isGone = true;
    this.video.removeAttribute("src");
    this.video.removeAttribute("poster");
    this.video.removeAttribute("controls");
    this.video.load();
    this.part("gone").hidden = false;
    for (const name of ["bar", "caption", "offline"]) this.part(name).hidden = true;
  }

  // The browser's own player does not say why: ask for the playlist.
  async failNatively() {
    const answer = await fetch(this.video.dataset.hls).catch(() => null);
    this.fail(answer?.status);
  }

  furnish() {
    const { video } = this;
    video.addEventListener("play", () => this.hls && (this.hls.config.maxBufferLength = AHEAD));
    const speed = this.part("speed");
    speed.addEventListener("change", () => (video.playbackRate = video.defaultPlaybackRate = Number(speed.value)));
    if (this.start) {
      const line = this.part("resume");
      const text = line.querySelector("[data-text]");
      text.textContent = text.dataset.text.replace("{time}", clock(this.start));
      line.hidden = false;
      this.part("start").addEventListener("click", () => {
        video.currentTime = 0;
        line.hidden = true;
        video.focus();
      });
    }
    this.part("again").addEventListener("click", () => {
      this.part("offline").hidden = true;
      const seconds = video.currentTime || this.start;
      this.hls?.destroy();
      this.attach(seconds);
    });
    this.part("bar").hidden = false;
  }

  keepPosition() {
    const { video } = this;
    let last = Date.now();
    this.reported = this.start;
    video.addEventListener("timeupdate", () => {
      if (video.paused || Date.now() - last < EVERY) return;
      last = Date.now();
      this.report();
    });
    for (const name of ["pause", "ended", "seeked"]) video.addEventListener(name, () => this.report());
    // A phone that locks its screen or changes to another app fires this last, and maybe nothing else.
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.report(true));
    window.addEventListener("pagehide", () => this.report(true));
  }

  report(isLast = false) {
    const seconds = this.video.currentTime;
    if (this.isGone || this.video.readyState === 0 || Math.abs(seconds - this.reported) < 0.5) return;
    this.reported = seconds;
    const body = new FormData();
    body.set("position", seconds.toFixed(1));
    body.set("csrfmiddlewaretoken", csrfToken());
    if (isLast && navigator.sendBeacon(this.reportUrl, body)) return;
    fetch(this.reportUrl, { method: "POST", body, keepalive: true, headers: { "X-CSRFToken": csrfToken() } }).catch(
      () => (this.reported = -1),
    );
  }
}

export function startPlayers(root) {
  for (const video of root.querySelectorAll("video[data-hls]:not([data-attached])")) {
    video.dataset.attached = "";
    new Player(video);
  }
}
