// The pages of a scan by keys, beside those of every page. Everything they do can be done without them; while one types,
// letters are letters, and whoever switched single keys off (channels_app/keys.js) has none.

const scan = document.querySelector("[data-scan]");
const pages = [...document.querySelectorAll("[data-page]")];
const form = document.querySelector("[data-check]");
let current = 0;
let typed = false;

const typing = (target) => target.matches("input, textarea, select, [contenteditable]");

function show(number) {
  current = Math.max(0, Math.min(pages.length - 1, number));
  pages[current].scrollIntoView({ block: "start" });
  mark();
}

function mark() {
  for (const link of document.querySelectorAll("[data-page-link]")) {
    if (link.dataset.pageLink === pages[current].dataset.page) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

function turn() {
  const page = pages[current];
  const now = [1, 2, 3].find((quarter) => page.classList.contains(`is-turned-${quarter}`)) || 0;
  page.classList.remove(`is-turned-${now}`);
  if (now < 3) page.classList.add(`is-turned-${now + 1}`);
}

// A letter may take longer to read than the two minutes of silence after which nobody is taken to be here.
const SIGN_OF_LIFE = 20_000;
setInterval(() => document.hidden || fetch("/desk/offers/", { credentials: "same-origin" }).catch(() => {}), SIGN_OF_LIFE);

// Who types what a letter says is at work on it; now and then the service is told, which keeps it in their hands.
const TELLS = 60_000;
let told = 0;
form?.addEventListener("input", () => {
  if (!form.dataset.onIt || Date.now() - told < TELLS) return;
  told = Date.now();
  const body = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
  fetch(form.dataset.onIt, { method: "POST", body, credentials: "same-origin" }).catch(() => {});
});

const keys = pages.length
  ? { j: () => show(current + 1), k: () => show(current - 1), r: turn, z: () => scan.classList.toggle("is-enlarged") }
  : {};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form) {
    event.preventDefault();
    form.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const key = keys[event.key.toLowerCase()];
  if (!key || localStorage.getItem("desk:keys-off") === "1") return;
  key();
  event.preventDefault();
});

if (pages.length) {
  for (const hint of document.querySelectorAll("[data-only-keys]")) hint.hidden = false;
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) { current = pages.indexOf(entry.target); mark(); }
  }, { rootMargin: "-40% 0px -50% 0px" });
  for (const page of pages) watcher.observe(page);
  mark();
}

// A scan that is still being read shows its text by itself, unless somebody has begun to type.
if (form) form.addEventListener("input", () => { typed = true; });
if (scan && ["waiting", "running"].includes(scan.dataset.reading)) {
  setTimeout(() => { if (!typed) location.reload(); }, 5000);
}
