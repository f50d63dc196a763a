/* Asks for the numbers every five seconds; without script the page loads itself again. */
"use strict";

const EVERY = 5000; // milliseconds
const lost = document.getElementById("lost");

const news = async () => {
  try {
    const answer = await fetch(window.location.href, { cache: "no-store", credentials: "omit" });
    // The address ends with the day: a screen left on overnight asks no more
    if (answer.status === 404) window.clearInterval(timer);
    if (!answer.ok || answer.redirected) throw new Error("no screen");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of ["board", "as-of"]) {
      const [shown, fresh] = [document.getElementById(id), page.getElementById(id)];
      if (shown.innerHTML !== fresh.innerHTML) shown.innerHTML = fresh.innerHTML;
    }
    lost.hidden = true;
  } catch {
    lost.hidden = false;
  }
};

const timer = window.setInterval(news, EVERY);
