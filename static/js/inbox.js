/* Keys of the inbox. Comfort only; off while somebody types, and off for good when switched off. */
"use strict";

const OFF = "inbox-keys-off";
const dialog = document.getElementById("keys");
const toggle = document.getElementById("keys-on");
const rows = Array.from(document.querySelectorAll("tr[data-row]"));
let at = -1;

const isOn = () => localStorage.getItem(OFF) === null;
const isTyping = (target) => target.closest("input:not([type=checkbox]), select, textarea") !== null;

const move = (step) => {
  if (!rows.length) return;
  if (rows[at]) rows[at].classList.remove("is-at");
  at = Math.min(rows.length - 1, Math.max(0, at + step));
  rows[at].classList.add("is-at");
  rows[at].querySelector("a").focus();
};

const actions = {
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
  if (event.key === "?") {
    event.preventDefault();
    dialog.showModal();
  } else if (isOn() && !dialog.open && actions[event.key]) {
    event.preventDefault();
    actions[event.key]();
  }
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

toggle.checked = isOn();
toggle.addEventListener("change", () => {
  if (toggle.checked) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "1");
});
