// The image viewer over server-rendered frames. The page works by links; this adds scrolling, window by drag, zoom, cine.
// Attributes of [data-viewer]: data-frames data-frame data-picture (address) data-slot (what stands for the frame number in
// it) data-centre data-width data-frame-time (ms) data-key-frames data-picture-text ({n}: the frame) data-zoom-text
// data-window-text.
import { csrfToken } from "./js/csrf.js";

const AHEAD = 6;
const ZOOM_STEP = 1.25;
const [ZOOM_MIN, ZOOM_MAX] = [1, 8];

class Viewer {
  constructor(root) {
    this.root = root;
    this.data = root.dataset;
    this.image = root.querySelector("[data-view]");
    this.stage = root.querySelector("[data-stage]");
    this.frames = Number(this.data.frames);
    this.frame = Number(this.data.frame);
    this.window = this.data.preset ? this.readWindow(this.data) : null;
    this.natural = this.data.centre ? this.readWindow(this.data) : null;
    this.keys = new Set((this.data.keyFrames ?? "").split(" ").filter(Boolean).map(Number));
    this.zoom = 1;
    this.pan = { x: 0, y: 0 };
    this.cache = new Map();
    this.cine = null;
    root.dataset.started = "";
    this.listen();
    this.ahead();
  }

  readWindow(data) {
    return { centre: Number(data.centre), width: Number(data.width) };
  }

  address(frame) {
    const path = this.data.picture.replace(this.data.slot, String(frame));
    return this.window ? `${path}?centre=${this.window.centre.toFixed(1)}&width=${this.window.width.toFixed(1)}` : path;
  }

  // One picture is asked for once; what came is kept while the window stays the same.
  load(frame) {
    const address = this.address(frame);
    if (!this.cache.has(address)) {
      const picture = new Image();
      picture.src = address;
      const loading = picture.decode().then(
        () => address,
        (error) => {
          this.cache.delete(address);
          throw error;
        },
      );
      loading.catch(() => undefined);
      this.cache.set(address, loading);
      if (this.cache.size > 400) this.cache.delete(this.cache.keys().next().value);
    }
    return this.cache.get(address);
  }

  async show(frame) {
    this.frame = Math.max(1, Math.min(this.frames, frame));
    this.label();
    const wanted = this.address(this.frame);
    try {
      const address = await this.load(this.frame);
      if (wanted === this.address(this.frame)) this.image.src = address;
    } catch {
      return;
    }
    this.ahead();
  }

  ahead() {
    for (let step = 1; step <= AHEAD; step += 1) {
      for (const frame of [this.frame + step, this.frame - (step <= 2 ? step : Infinity)]) {
        if (frame >= 1 && frame <= this.frames) this.load(frame);
      }
    }
  }

  label() {
    this.write("[data-frame-out]", String(this.frame));
    this.image.alt = this.data.pictureText.replace("{n}", String(this.frame));
    const slider = this.root.querySelector("[data-slider]");
    if (slider) slider.value = this.frame;
    const key = this.root.querySelector("[data-key-frame]");
    if (key) key.value = this.frame;
    this.root.querySelector("[data-key]")?.setAttribute("aria-pressed", String(this.keys.has(this.frame)));
  }

  write(selector, text) {
    const place = this.root.querySelector(selector);
    if (place) place.textContent = text;
  }

  setWindow(window, name) {
    this.window = window;
    const label = name ?? this.data.windowText;
    this.write("[data-window-out]", `${label} ${Math.round(window.width)} / ${Math.round(window.centre)}`);
    for (const link of this.root.querySelectorAll("a[data-window]")) {
      const isThis = name !== undefined && link.dataset.label === name;
      isThis ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current");
    }
    this.show(this.frame);
  }

  setZoom(zoom) {
    this.zoom = Math.max(ZOOM_MIN, Math.min(ZOOM_MAX, zoom));
    if (this.zoom === 1) this.pan = { x: 0, y: 0 };
    this.place();
    this.write("[data-zoom-out]", this.zoom === 1 ? "" : `${this.data.zoomText} ${this.zoom.toFixed(1)}×`);
  }

  place() {
    this.image.style.transform = `translate(${this.pan.x}px, ${this.pan.y}px) scale(${this.zoom})`;
  }

  playOrStop() {
    const button = this.root.querySelector("[data-cine]");
    const isPlaying = this.cine !== null;
    clearTimeout(this.cine);
    this.cine = null;
    button?.setAttribute("aria-pressed", String(!isPlaying));
    if (!isPlaying) this.playNext();
  }

  playNext() {
    const pause = Math.max(16, Number(this.data.frameTime));
    this.cine = setTimeout(async () => {
      await this.show(this.frame >= this.frames ? 1 : this.frame + 1);
      if (this.cine !== null && this.root.isConnected) this.playNext();
    }, pause);
  }

  listen() {
    this.stage.addEventListener("wheel", (event) => this.onWheel(event), { passive: false });
    this.stage.addEventListener("pointerdown", (event) => this.onPointer(event));
    this.root.addEventListener("keydown", (event) => this.onKey(event));
    this.root.addEventListener("click", (event) => this.onClick(event));
    this.root.querySelector("[data-slider]")?.addEventListener("input", (event) => this.show(Number(event.target.value)));
    this.root.querySelector("[data-key-form]")?.addEventListener("submit", (event) => this.onKeyImage(event));
    for (const link of this.root.querySelectorAll("a[data-window]")) {
      link.dataset.label = link.firstChild.textContent.trim();
    }
  }

  onWheel(event) {
    event.preventDefault();
    if (event.ctrlKey) this.setZoom(this.zoom * (event.deltaY < 0 ? ZOOM_STEP : 1 / ZOOM_STEP));
    else this.show(this.frame + Math.sign(event.deltaY));
  }

  // Mouse: drag changes the window, with Shift or the middle button it moves the picture. Finger: up and down scrolls.
  onPointer(event) {
    const start = { x: event.clientX, y: event.clientY, frame: this.frame, pan: { ...this.pan } };
    const from = this.window ?? this.natural;
    const isPan = event.shiftKey || event.button === 1 || (event.pointerType === "touch" && this.zoom > 1);
    this.stage.setPointerCapture(event.pointerId);
    const move = (now) => {
      const [dx, dy] = [now.clientX - start.x, now.clientY - start.y];
      if (isPan) {
        this.pan = { x: start.pan.x + dx, y: start.pan.y + dy };
        this.place();
      } else if (now.pointerType === "touch") {
        this.show(start.frame + Math.round(dy / 14));
      } else if (from && Math.abs(dx) + Math.abs(dy) > 3) {
        const scale = Math.max(1, from.width / 300);
        this.setWindow({ centre: from.centre + dy * scale, width: Math.max(1, from.width + dx * scale) });
      }
    };
    this.stage.addEventListener("pointermove", move);
    const end = () => this.stage.removeEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) this.stage.addEventListener(name, end, { once: true });
  }

  onKey(event) {
    if (event.target.matches("input:not([type=range]), textarea, select") || event.ctrlKey || event.metaKey) return;
    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, PageDown: 10, PageUp: -10 };
    if (steps[event.key] && !event.target.matches("[type=range]")) this.show(this.frame + steps[event.key]);
    else if (event.key === " " && !event.target.matches("button, a")) this.playOrStop();
    else if (/^[1-9]$/.test(event.key)) this.root.querySelectorAll("a[data-window]")[Number(event.key) - 1]?.click();
    else return;
    event.preventDefault();
  }

  onClick(event) {
    const control = event.target.closest("[data-step], [data-cine], [data-zoom], [data-full], a[data-window]");
    if (!control || !this.root.contains(control)) return;
    const { step, cine, zoom, full } = control.dataset;
    if (step) this.show(this.frame + Number(step));
    else if (cine !== undefined) this.playOrStop();
    else if (zoom !== undefined) this.setZoom(zoom === "0" ? 1 : this.zoom * ZOOM_STEP ** Number(zoom));
    else if (full !== undefined) document.fullscreenElement ? document.exitFullscreen() : this.root.requestFullscreen();
    else this.setWindow(this.readWindow(control.dataset), control.dataset.label);
    event.preventDefault();
  }

  async onKeyImage(event) {
    event.preventDefault();
    event.stopPropagation();
    const form = event.target;
    const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
    const response = await fetch(form.action, { method: "POST", body: new FormData(form), headers });
    delete form.dataset.sent;
    if (!response.ok) return;
    const { is_key_image: isKey } = await response.json();
    isKey ? this.keys.add(this.frame) : this.keys.delete(this.frame);
    this.label();
  }
}

export function startViewers(root) {
  const found = [...root.querySelectorAll("[data-viewer]:not([data-started])")];
  if (root.matches?.("[data-viewer]:not([data-started])")) found.push(root);
  for (const place of found) if (place.querySelector("[data-view]")) new Viewer(place);
}
