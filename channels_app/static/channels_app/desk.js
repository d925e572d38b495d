// The desk: a live queue, kept drafts; everything here also works, more slowly, without it.

import "./drafts.js";
import "./live.js";

const announcer = document.getElementById("announce");
const queue = document.getElementById("queue");
const loggedOut = document.getElementById("logged-out");

/** Say politely what has arrived, once, without moving what one is reading. */
document.addEventListener("live:shown", ({ target, detail }) => {
  if (target !== queue || !announcer) return;
  const lines = detail.arrived.filter((one) => one.matches("[data-waiting]"));
  lines.forEach((line) => line.classList.add("is-new"));
  if (lines.length === 1) announcer.textContent = announcer.dataset.one.replace("%s", lines[0].dataset.waiting);
  if (lines.length > 1) announcer.textContent = announcer.dataset.many.replace("%s", lines.length);
});

document.addEventListener("live:state", ({ detail }) => {
  const state = document.getElementById("live-state");
  if (state) state.textContent = state.getAttribute(`data-say-${detail}`) ?? "";
  if (loggedOut) loggedOut.hidden = detail !== "logged-out";
});

// A double click sends once; nothing is sent while nobody is logged in, for it would be dropped. Whoever logged in anew,
// in another window, has another token: the browser's cookie knows it.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (document.body.dataset.live === "logged-out" && loggedOut && form.method === "post") {
    loggedOut.focus();
    return event.preventDefault();
  }
  const token = form.querySelector("[name=csrfmiddlewaretoken]");
  if (token) token.value = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? token.value;
  if (form.dataset.sending) return event.preventDefault();
  form.dataset.sending = "1";
  setTimeout(() => delete form.dataset.sending, 5000);
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sending]").forEach((form) => delete form.dataset.sending);
});

// The story opens at its end, where the last word is, and stays there until the reader goes up.
const story = document.getElementById("story-scroll");
if (story) {
  let atEnd = true;
  const follow = () => atEnd && (story.scrollTop = story.scrollHeight);
  story.addEventListener("scroll", () => (atEnd = story.scrollHeight - story.scrollTop - story.clientHeight < 4));
  document.addEventListener("live:shown", follow);
  new ResizeObserver(follow).observe(story);
}

// Words that a template brought are gone on with at their end.
const goOn = document.querySelector("textarea[autofocus]");
goOn?.focus();
goOn?.setSelectionRange(goOn.value.length, goOn.value.length);
