// The pixel review by mouse, finger and keyboard. Everything on the page is a link or a form that works without this: here a
// rectangle is drawn, moved and resized on the picture instead of by its four numbers, and keys press what is marked with
// data-press (a key's name). Keys work while nothing else has the focus, never in a field. A place that was changed and not
// saved keeps Enter for itself, and leaving it asks first (data-guard). A frame is not confirmed by a key that is held
// down, nor before its picture could be seen.
import { singleKeysAreOn } from "./js/shortcuts.js";

const SIDES = ["left", "top", "width", "height"];
const DRAWN = { left: "x", top: "y", width: "width", height: "height" };
const LEAST = 4; // pixels of the screen: less is a click
const STEP = 4; // pixels of the picture that a key moves or grows
const GRIP = 14; // pixels of the screen: a handle, outside the corner so that what it holds can be read
const SEEN_AFTER = 400; // milliseconds that a picture stands before Enter confirms it
const SVG = "http://www.w3.org/2000/svg";

function make(name, className) {
  const node = document.createElementNS(SVG, name);
  node.setAttribute("class", className);
  return node;
}

class Review {
  constructor(root) {
    this.root = root;
    this.board = root.querySelector("[data-board]");
    this.drawForm = root.querySelector("[data-box-form]");
    this.placeForm = root.querySelector("[data-place-form]");
    root.dataset.started = "";
    document.addEventListener("keydown", (event) => this.onKey(event));
    this.waitForPicture(root.querySelector("svg image"));
    if (!this.board) return;
    this.picked = this.board.querySelector("[data-picked]");
    this.limit = this.board.viewBox.baseVal;
    if (this.picked) this.showGrips();
    this.save?.setAttribute("hidden", "");
    this.board.addEventListener("pointerdown", (event) => this.onDown(event));
    this.board.addEventListener("dragstart", (event) => event.preventDefault());
    root.querySelector("[data-draw]")?.addEventListener("click", (event) => {
      event.preventDefault();
      this.startDrawing();
      this.board.scrollIntoView({ block: "nearest" });
    });
    this.placeForm?.addEventListener("input", () => this.save?.removeAttribute("hidden"));
    this.placeForm?.addEventListener("change", (event) => {
      if (SIDES.includes(event.target.name) && event.target.value && event.target.checkValidity()) this.changeTo(this.boxOf(this.placeForm));
    });
    window.addEventListener("resize", () => this.placeGrips());
  }

  waitForPicture(picture) {
    const seen = () => window.setTimeout(() => (this.isSeen = true), SEEN_AFTER);
    const address = new URL(picture.href.baseVal, document.baseURI).href;
    const loaded = performance.getEntriesByName(address, "resource");
    if (loaded.some((entry) => (entry.responseStatus || 200) === 200)) seen();
    else picture.addEventListener("load", seen, { once: true });
  }

  get save() {
    return this.placeForm?.querySelector("[data-save]");
  }

  // One pixel of the screen in pixels of the picture.
  get scale() {
    return 1 / (this.board.getScreenCTM()?.a || 1);
  }

  pointOf(event) {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.board.getScreenCTM().inverse());
    return { x: Math.min(Math.max(point.x, 0), this.limit.width), y: Math.min(Math.max(point.y, 0), this.limit.height) };
  }

  boxOf(form) {
    return Object.fromEntries(SIDES.map((side) => [side, Number(form.elements[side].value)]));
  }

  // Whole pixels inside the picture, in the form and on the picture.
  write(form, shape, box) {
    const left = Math.round(Math.min(Math.max(box.left, 0), this.limit.width - 1));
    const top = Math.round(Math.min(Math.max(box.top, 0), this.limit.height - 1));
    const whole = {
      left,
      top,
      width: Math.round(Math.min(Math.max(box.width, 1), this.limit.width - left)),
      height: Math.round(Math.min(Math.max(box.height, 1), this.limit.height - top)),
    };
    for (const side of SIDES) {
      form.elements[side].value = whole[side];
      shape.setAttribute(DRAWN[side], String(whole[side]));
    }
    this.unsaved = form;
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  between(from, to) {
    const [left, top] = [Math.floor(Math.min(from.x, to.x)), Math.floor(Math.min(from.y, to.y))];
    return { left, top, width: Math.ceil(Math.max(from.x, to.x)) - left, height: Math.ceil(Math.max(from.y, to.y)) - top };
  }

  startDrawing() {
    if (this.root.classList.contains("is-drawing") && !this.drawForm.hidden) return;
    this.root.classList.add("is-drawing");
    if (this.placeForm) this.placeForm.hidden = true;
    this.drawForm.hidden = false;
    this.grips?.remove();
    this.picked?.classList.remove("is-now");
    [this.left, this.leftUnsaved] = [this.picked, this.unsaved];
    this.picked = this.unsaved = null;
  }

  // Escape: what was drawn and not saved is gone, and the place that was picked before is picked again.
  stopDrawing() {
    if (!this.root.classList.contains("is-drawing")) return false;
    this.shape?.parentNode.remove();
    this.shape = null;
    this.unsaved = this.leftUnsaved ?? null;
    this.drawForm.reset();
    this.drawForm.dispatchEvent(new CustomEvent("x:saved", { bubbles: true }));
    if (!this.placeForm) return true;
    this.root.classList.remove("is-drawing");
    this.drawForm.hidden = true;
    this.placeForm.hidden = false;
    this.picked = this.left;
    this.picked?.classList.add("is-now");
    this.board.append(this.grips);
    this.placeGrips();
    return true;
  }

  // A finger scrolls the page unless one is drawing or holds the picked rectangle.
  onDown(event) {
    const grip = event.target.closest(".x-rbox__grip");
    const isPicked = this.picked?.contains(event.target);
    const isFinger = event.pointerType === "touch";
    if (event.button !== 0 || (isFinger && !grip && !isPicked && !this.root.classList.contains("is-drawing"))) return;
    const start = this.pointOf(event);
    const screen = { x: event.clientX, y: event.clientY };
    const follow = grip || isPicked ? this.change(start, grip) : this.draw(start);
    let isMoving = false;
    const move = (now) => {
      if (!isMoving && Math.hypot(now.clientX - screen.x, now.clientY - screen.y) < LEAST) return;
      if (!isMoving) this.board.setPointerCapture(event.pointerId);
      isMoving = true;
      follow(this.pointOf(now));
    };
    const end = () => {
      this.board.removeEventListener("pointermove", move);
      if (isMoving) this.root.querySelector("form:not([hidden]) [name=reason]")?.focus({ preventScroll: true });
    };
    this.board.addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) this.board.addEventListener(name, end, { once: true });
  }

  draw(start) {
    return (point) => {
      if (!this.shape) {
        const group = make("g", "x-rbox is-now");
        this.shape = make("rect", "x-rbox__edge");
        group.append(this.shape);
        this.board.append(group);
      }
      if (this.drawForm.hidden || !this.root.classList.contains("is-drawing")) this.startDrawing();
      this.write(this.drawForm, this.shape, this.between(start, point));
    };
  }

  // The picked rectangle as a whole, or from one corner while the other stays.
  change(start, grip) {
    const box = this.boxOf(this.placeForm);
    const corner = grip?.dataset.corner ?? "";
    const [right, bottom] = [box.left + box.width, box.top + box.height];
    const isWest = corner.includes("w");
    const isNorth = corner.includes("n");
    const fixed = { x: isWest ? right : box.left, y: isNorth ? bottom : box.top };
    const moved = { x: isWest ? box.left : right, y: isNorth ? box.top : bottom };
    return (point) => {
      const [aside, down] = [point.x - start.x, point.y - start.y];
      this.changeTo(
        grip
          ? this.between(fixed, { x: moved.x + aside, y: moved.y + down })
          : { ...box, left: box.left + aside, top: box.top + down },
      );
    };
  }

  changeTo(box) {
    this.write(this.placeForm, this.picked.querySelector(".x-rbox__edge"), box);
    this.save?.removeAttribute("hidden");
    this.placeGrips();
  }

  showGrips() {
    this.grips = make("g", "x-rbox__grips");
    for (const corner of ["nw", "ne", "sw", "se"]) {
      const grip = make("rect", "x-rbox__grip");
      grip.dataset.corner = corner;
      this.grips.append(grip);
    }
    this.board.append(this.grips);
    this.placeGrips();
  }

  placeGrips() {
    if (!this.picked || !this.grips) return;
    const size = GRIP * this.scale;
    const box = this.boxOf(this.placeForm);
    for (const grip of this.grips.children) {
      const x = grip.dataset.corner.includes("w") ? box.left - size : box.left + box.width;
      const y = grip.dataset.corner.includes("n") ? box.top - size : box.top + box.height;
      const place = {
        x: Math.min(Math.max(x, 0), this.limit.width - size),
        y: Math.min(Math.max(y, 0), this.limit.height - size),
        width: size,
        height: size,
      };
      for (const [name, value] of Object.entries(place)) grip.setAttribute(name, String(value));
    }
  }

  onKey(event) {
    const isFree = this.root.contains(event.target) || (event.target === document.body && singleKeysAreOn());
    if (!isFree || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && this.stopDrawing()) return;
    const savesPicked = this.unsaved && this.picked?.contains(event.target);
    const isElsewhere = event.key === "Enter" && event.target !== document.body && !savesPicked;
    if (event.target.matches("input, textarea, select") || isElsewhere) return;
    const wanted = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (!this.changeByKey(event) && (event.repeat || !this.press(wanted))) return;
    event.preventDefault();
  }

  press(key) {
    if (key === "Enter") {
      if (this.unsaved) {
        this.unsaved.requestSubmit(this.unsaved.querySelector("button[type=submit]"));
        return true;
      }
      if (!this.isSeen) return true;
    }
    const control = [...this.root.querySelectorAll("[data-press]")].find((one) => one.dataset.press === key);
    if (!control || control.closest("[hidden]")) return false;
    control.click();
    return true;
  }

  changeByKey(event) {
    if (!this.picked || !this.placeForm) return false;
    const box = this.boxOf(this.placeForm);
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const growth = { "+": 1, "=": 1, "-": -1 }[event.key];
    if (way && event.shiftKey) this.changeTo({ ...box, left: box.left + STEP * way[0], top: box.top + STEP * way[1] });
    else if (growth)
      this.changeTo({
        left: box.left - growth * STEP,
        top: box.top - growth * STEP,
        width: box.width + 2 * growth * STEP,
        height: box.height + 2 * growth * STEP,
      });
    else return false;
    return true;
  }
}

// The frame that is shown stands in sight in the list of frames, without the page being scrolled for it.
function showInList(list) {
  const shown = list.querySelector("[aria-current]");
  if (!shown) return;
  const [outer, inner] = [list.getBoundingClientRect(), shown.getBoundingClientRect()];
  list.scrollTop += inner.top - outer.top - (outer.height - inner.height) / 2;
  list.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
}

export function startRedaction(within = document) {
  for (const root of within.querySelectorAll("[data-redaction]:not([data-started])")) new Review(root);
  for (const list of within.querySelectorAll("[data-frames-list]")) showInList(list);
}
