// Draw a rectangle on the picture instead of typing its four numbers.

const LEAST = 3; // pixels: a click is not a rectangle

function pointOn(board, event) {
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(board.getScreenCTM().inverse());
  const { width, height } = board.viewBox.baseVal;
  return { x: Math.min(Math.max(point.x, 0), width), y: Math.min(Math.max(point.y, 0), height) };
}

function draw(board, form) {
  const shape = document.createElementNS("http://www.w3.org/2000/svg", "g");
  shape.setAttribute("class", "x-rbox is-now");
  shape.append(document.createElementNS("http://www.w3.org/2000/svg", "rect"));
  let start = null;
  board.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    start = pointOn(board, event);
    board.setPointerCapture(event.pointerId);
    board.append(shape);
  });
  board.addEventListener("pointermove", (event) => {
    if (!start) return;
    const end = pointOn(board, event);
    const left = Math.floor(Math.min(start.x, end.x));
    const top = Math.floor(Math.min(start.y, end.y));
    const box = {
      left,
      top,
      width: Math.ceil(Math.max(start.x, end.x)) - left,
      height: Math.ceil(Math.max(start.y, end.y)) - top,
    };
    const names = { left: "x", top: "y", width: "width", height: "height" };
    for (const [name, value] of Object.entries(box)) {
      shape.firstChild.setAttribute(names[name], String(value));
      form.elements[name].value = value;
    }
  });
  board.addEventListener("pointerup", () => {
    start = null;
    if (Number(form.elements.width.value) >= LEAST) form.elements.reason.focus();
    else shape.remove();
  });
}

export function startRedaction(within = document) {
  for (const root of within.querySelectorAll("[data-redaction]:not([data-started])")) {
    root.dataset.started = "";
    const board = root.querySelector("[data-board]");
    const form = root.querySelector("[data-box-form]");
    if (board && form) draw(board, form);
  }
}
