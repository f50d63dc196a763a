/* Comfort only: every page works without this file. */
"use strict";

document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});

/* Where the browser lets a page write to the clipboard. */
document.querySelectorAll("[data-copy]").forEach((button) => {
  const said = button.parentElement.querySelector("[data-copied]");
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    said.hidden = false;
  });
});

/* Leaving quickly: nothing readable from the first moment, no way back to this page; Esc pressed
   three times within three seconds does the same. */
const exit = document.querySelector("a[data-exit]");
if (exit) {
  const leave = () => {
    document.body.hidden = true;
    document.title = "…";
    try {
      window.localStorage.clear();
      window.sessionStorage.clear();
    } catch {
      /* Storage is switched off: there is nothing in it. */
    }
    window.location.replace(exit.href);
  };
  document.querySelectorAll("a[data-exit]").forEach((link) => {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      leave();
    });
  });
  let presses = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.repeat) {
      return;
    }
    presses = [...presses.slice(-2), event.timeStamp];
    if (presses.length === 3 && presses[2] - presses[0] < 3000) {
      leave();
    }
  });
  /* A page that the browser kept alive is asked for again, so that going back shows nothing. */
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) {
      document.body.hidden = true;
      window.location.reload();
    }
  });
}

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

/* The bell: the number of unread notices, now and every minute while somebody looks. */
const bell = document.querySelector("[data-bell]");
if (bell) {
  const count = bell.querySelector("[data-bell-count]");
  const words = bell.querySelector("[data-bell-words]");
  const plain = words.textContent;
  const show = (news) => {
    count.textContent = news.count;
    count.hidden = !news.count;
    bell.setAttribute("aria-label", news.count ? `${plain}: ${news.words}` : plain);
  };
  const ask = async () => {
    if (document.hidden) {
      return;
    }
    try {
      const answer = await fetch(bell.dataset.bell, { redirect: "error", headers: { Accept: "application/json" } });
      if (answer.ok) {
        show(await answer.json());
      }
    } catch {
      /* Signed out, or no network: the link still works. */
    }
  };
  ask();
  setInterval(ask, 60000);
}

/* Opening what a notice leads to marks it as read; without a script its button does. */
document.querySelectorAll("[data-notice-link]").forEach((link) => {
  const form = link.parentElement.querySelector("form[data-notice-read]");
  if (form) {
    link.addEventListener("click", () => {
      fetch(form.action, { method: "POST", body: new FormData(form), keepalive: true, redirect: "manual" });
    });
  }
});
