// The keys. Which there are and what they do stands in the page: the palette's options, written from the one table of
// actions. An element says with data-does which action it is; a key clicks it, or focuses it where it is a field or list.
// Single keys rest while one types, and can be switched off for good in the help (?); those with Ctrl always act.

const OFF = "desk:keys-off";
const FIELDS = "input:not([type=radio], [type=checkbox], [type=submit]), textarea, select, [contenteditable]";
const FOCUSABLE = ":is(textarea, select, input:not([type=hidden]), button, a[href]):not(:disabled)";
const NEXT_KEY = 1500; // ms within which the second of two keys comes
// The field of a dialog that has just closed keeps the focus until the next frame: nobody types there any more.
const typing = () => document.activeElement?.matches(FIELDS) && document.activeElement.checkVisibility();
const switchedOff = () => localStorage.getItem(OFF) === "1";

/** Every action, with the palette's line that tells it. */
export const actions = [...document.querySelectorAll("#palette [role=option]")].map((row) => ({
  row,
  keys: row.dataset.keys.split("|"),
  selector: row.dataset.target,
  inForm: "inForm" in row.dataset,
}));

/** The element that does it here and now; none where the page has no such thing. */
export function elementOf({ selector, inForm }, from = document.activeElement) {
  const here = (one) => one.matches("dialog, .menu :is(a, button), .more summary") || (one.checkVisibility() && !one.disabled);
  const found = [...document.querySelectorAll(selector)].filter(here);
  return inForm ? found.find((one) => one.form && one.form === from?.closest("form")) : found[0];
}

export function press(element) {
  if (element.matches("dialog")) return element.dispatchEvent(new Event("asked"));
  const line = element.querySelector(".line-main");
  if (line) return line.focus();
  if (element.matches(`${FIELDS}, aside`)) return element.focus();
  const details = element.closest("summary")?.parentElement;
  const menu = details?.parentElement.closest(".more:not([open])");
  if (menu) menu.open = true;
  if (!menu || !details.open) element.click();
  if (element.matches("input")) element.focus();
  if (details?.open) [...details.querySelectorAll(FOCUSABLE)].find((one) => one.checkVisibility())?.focus();
}

function chordOf({ key, ctrlKey, metaKey, shiftKey }) {
  const chord = [ctrlKey || metaKey ? "ctrl" : "", shiftKey && key.length > 1 ? "shift" : "", key.toLowerCase()];
  return chord.filter(Boolean).join("+");
}

let begun = "";
let forgetting = 0;

/** The first of two keys waits for the second. */
function begin(chord) {
  begun = chord;
  clearTimeout(forgetting);
  forgetting = setTimeout(() => (begun = ""), NEXT_KEY);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") return leave();
  const chord = chordOf(event);
  if (!chord.startsWith("ctrl+") && (typing() || switchedOff())) return;
  if (["shift", "control", "meta"].includes(event.key.toLowerCase())) return;
  const keys = begun ? `${begun} ${chord}` : chord;
  begun = "";
  const element = actions.filter((one) => one.keys.includes(keys)).map((one) => elementOf(one)).find(Boolean);
  if (element) {
    event.preventDefault();
    press(element);
  } else if (actions.some((one) => one.keys.some((some) => some.startsWith(`${keys} `)))) {
    begin(keys);
  }
});

/** Escape closes what is open, else leaves the field, so that the keys work again. */
function leave() {
  const some = "details:is([data-action], .more)[open]";
  const open = document.activeElement?.closest(some) ?? document.querySelector(some);
  if (open) {
    open.open = false;
    const menu = open.closest(".more") ?? open; // with what was opened from it
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (typing()) {
    document.activeElement.blur();
  }
}

// A menu of the head closes once one turns to something else.
document.addEventListener("pointerdown", ({ target }) => {
  document.querySelectorAll(".top details[open]").forEach((menu) => menu.contains(target) || (menu.open = false));
});

/** Up and down go through the lines of a list. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const here = document.activeElement?.closest("[data-lines] .line-main");
  if (!here) return;
  const lines = [...here.closest("[data-lines]").querySelectorAll(".line-main")];
  const next = lines[lines.indexOf(here) + (event.key === "ArrowDown" ? 1 : -1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
});

const help = document.getElementById("help");
document.querySelectorAll("[data-does=help]").forEach((button) => button.addEventListener("click", () => press(help)));
help?.addEventListener("asked", () => help.showModal());
help?.addEventListener("keydown", (event) => {
  if (event.key !== "?") return;
  event.preventDefault();
  help.close();
});
const toggle = help?.querySelector("[data-keys-toggle]");
if (toggle) {
  toggle.checked = !switchedOff();
  toggle.addEventListener("change", () => localStorage.setItem(OFF, toggle.checked ? "0" : "1"));
}
