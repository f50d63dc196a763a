/* A key held down calls one number, not the whole queue. Without script the page's own key sees
   to a double click. */
"use strict";

document.querySelectorAll("button[data-once]").forEach((button) => {
  button.addEventListener("keydown", (event) => {
    if (event.repeat) event.preventDefault();
  });
  button.form.addEventListener("submit", () => {
    window.setTimeout(() => { button.disabled = true; }, 0);
  });
});
