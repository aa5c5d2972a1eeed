// Video over HLS: hls.js where the browser cannot play it itself. Resumes where the person stopped, reports the position.
// On <video>: data-hls (playlist). On it or on an element around it: data-position (seconds), data-position-url (POST).
import Hls from "hls.js";
import { csrfToken } from "./js/csrf.js";

const EVERY = 15_000;

function attach(video) {
  if (Hls.isSupported()) {
    const hls = new Hls({ startPosition: Number(video.dataset.position ?? -1), capLevelToPlayerSize: true });
    hls.loadSource(video.dataset.hls);
    hls.attachMedia(video);
    hls.on(Hls.Events.ERROR, (_name, error) => {
      if (error.fatal) fail(video, error.response?.code);
    });
    return;
  }
  video.src = video.dataset.hls;
  video.addEventListener("loadedmetadata", () => (video.currentTime = Number(video.dataset.position ?? 0)), { once: true });
  video.addEventListener("error", () => fail(video), { once: true });
}

// The sentence is in the page already, hidden: a withdrawn video and a lost line read differently.
function fail(video, status) {
  const name = status === 404 || status === 410 || status === 403 ? "gone" : "offline";
  const note = video.parentElement.querySelector(`[data-video-${name}]`);
  if (note) note.hidden = false;
}

function report(video, isLast) {
  const body = new FormData();
  body.set("position", video.currentTime.toFixed(1));
  body.set("duration", (video.duration || 0).toFixed(1));
  body.set("csrfmiddlewaretoken", csrfToken());
  if (isLast) navigator.sendBeacon(video.dataset.positionUrl, body);
  else fetch(video.dataset.positionUrl, { method: "POST", body, headers: { "X-CSRFToken": csrfToken() } }).catch(() => undefined);
}

function keepPosition(video) {
  let last = 0;
  video.addEventListener("timeupdate", () => {
    if (Date.now() - last < EVERY) return;
    last = Date.now();
    report(video, false);
  });
  for (const name of ["pause", "ended"]) video.addEventListener(name, () => report(video, false));
  window.addEventListener("pagehide", () => video.currentTime > 0 && report(video, true));
}

// The owner of the video draws it; the page around it knows whose progress it is.
function inherit(video, name) {
  const attribute = `[data-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}]`;
  const found = video.dataset[name] ?? video.closest(attribute)?.dataset[name];
  if (found) video.dataset[name] = found;
}

export function startPlayers(root) {
  for (const video of root.querySelectorAll("video[data-hls]:not([data-attached])")) {
    video.dataset.attached = "";
    inherit(video, "position");
    inherit(video, "positionUrl");
    attach(video);
    if (video.dataset.positionUrl) keepPosition(video);
  }
}
