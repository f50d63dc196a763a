/* Comfort only: every page works without this file. */
"use strict";

document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});

document.querySelectorAll("a[data-exit]").forEach((link) => {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    window.location.replace(link.href);
  });
});

document.querySelectorAll("form[data-ctrl-enter]").forEach((form) => {
  form.querySelectorAll("[data-ctrl-enter-hint]").forEach((hint) => { hint.hidden = false; });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.ctrlKey && !event.isComposing && !event.repeat) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("button[name=next]"));
    }
  });
});

const summary = document.getElementById("error-summary");
if (summary) {
  summary.focus();
}
