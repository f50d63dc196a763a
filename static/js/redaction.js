/* Covering text and pages. Comfort only: boxes to tick, lines to type and two clicks do the same. */
"use strict";

const tool = document.querySelector("[data-cover-tool]");
const phrases = document.querySelector("textarea[name=phrases]");
if (tool && phrases) {
  let selected = "";
  tool.hidden = false;
  // Pressing a button may take the selection away, so it is kept as it is made
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    const from = selection.anchorNode && selection.anchorNode.parentElement;
    if (from && from.closest("[data-cover-source]")) {
      selected = selection.toString().replace(/\s+/g, " ").trim();
    }
  });
  tool.querySelector("button").addEventListener("click", () => {
    if (!selected) return;
    phrases.value = phrases.value ? `${phrases.value.replace(/\n$/, "")}\n${selected}` : selected;
    phrases.focus();
  });
}

const picture = document.querySelector("[data-page-picture] input[type=image]");
const numbers = document.querySelector("[data-box-form]");
if (picture && numbers) {
  const frame = document.createElement("div");
  let start = null;
  frame.className = "page-drag";
  frame.hidden = true;
  picture.parentElement.append(frame);

  const at = (event) => {
    const area = picture.getBoundingClientRect();
    const inside = (value, size) => Math.min(1, Math.max(0, value / size));
    return [inside(event.clientX - area.left, area.width), inside(event.clientY - area.top, area.height)];
  };
  const box = (event) => {
    const end = at(event);
    return [0, 1].map((axis) => [Math.min(start[axis], end[axis]), Math.abs(start[axis] - end[axis])]);
  };
  const isLarge = ([[, width], [, height]]) => width > 0.01 && height > 0.005;

  picture.addEventListener("dragstart", (event) => event.preventDefault());
  picture.addEventListener("pointerdown", (event) => {
    // A finger scrolls the picture; it uses two taps instead
    if (event.pointerType !== "mouse" || event.button !== 0) return;
    start = at(event);
    picture.setPointerCapture(event.pointerId);
  });
  picture.addEventListener("pointermove", (event) => {
    if (!start) return;
    const [[left, width], [top, height]] = box(event);
    frame.hidden = false;
    frame.style.left = `${picture.offsetLeft + left * picture.width}px`;
    frame.style.top = `${picture.offsetTop + top * picture.height}px`;
    frame.style.width = `${width * picture.width}px`;
    frame.style.height = `${height * picture.height}px`;
  });
  picture.addEventListener("pointerup", (event) => {
    if (!start) return;
    const drawn = box(event);
    start = null;
    frame.hidden = true;
    if (!isLarge(drawn)) return;
    // The click that follows a drag would send the picture as well
    picture.addEventListener("click", (click) => click.preventDefault(), { once: true });
    const [[left, width], [top, height]] = drawn;
    Object.entries({ left, top, width, height }).forEach(([name, value]) => {
      numbers.querySelector(`[name=${name}]`).value = (value * 100).toFixed(2);
    });
    numbers.requestSubmit(numbers.querySelector("button[value=box]"));
  });
}
