/* Keys of the inbox. Comfort only; off while somebody types, and off for good when switched off. */
"use strict";

const OFF = "inbox-keys-off";
const dialog = document.getElementById("keys");
const toggle = document.getElementById("keys-on");
const rows = Array.from(document.querySelectorAll("tr[data-row]"));
let at = -1;

// A browser that keeps nothing keeps the keys on for this page only
const kept = (act, otherwise) => {
  try { return act(window.localStorage); } catch { return otherwise; }
};
let isOn = kept((store) => store.getItem(OFF) === null, true);
const isTyping = (target) => target.closest("input:not([type=checkbox]), select, textarea") !== null;

const move = (step) => {
  if (!rows.length) return;
  if (rows[at]) rows[at].classList.remove("is-at");
  at = Math.min(rows.length - 1, Math.max(0, at + step));
  rows[at].classList.add("is-at");
  rows[at].querySelector("a").focus();
};

const actions = {
  "?": () => dialog.showModal(),
  "/": () => document.getElementById("id_q").focus(),
  j: () => move(1),
  k: () => move(-1),
  x: () => {
    const box = rows[at] && rows[at].querySelector("input[type=checkbox]");
    if (box) box.checked = !box.checked;
  },
  a: () => {
    const officer = document.getElementById("bulk-assignee");
    if (officer) officer.focus();
  },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
  // Every single key can be switched off, also the one for help: its button stays (WCAG 2.1.4)
  if (!isOn || dialog.open || !Object.hasOwn(actions, event.key)) return;
  event.preventDefault();
  actions[event.key]();
});

document.querySelectorAll("[data-keys]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => dialog.showModal());
});

document.querySelectorAll("[data-choose-all]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => {
    const boxes = Array.from(document.querySelectorAll("input[name=case]"));
    const all = boxes.every((box) => box.checked);
    boxes.forEach((box) => { box.checked = !all; });
  });
});

toggle.checked = isOn;
toggle.addEventListener("change", () => {
  isOn = toggle.checked;
  kept((store) => (isOn ? store.removeItem(OFF) : store.setItem(OFF, "1")), undefined);
});
