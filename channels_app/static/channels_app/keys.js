// One key for each action. What a key does stands in the page: data-key="n" is clicked, or focused where it is a field;
// of a list with data-key the first line is focused.
// Single keys rest while one types, and can be switched off for good in the help (?).

const OFF = "desk:keys-off";
const FIELDS = "input:not([type=radio], [type=checkbox], [type=submit]), textarea, select, [contenteditable]";
const typing = () => document.activeElement?.matches(FIELDS);
const switchedOff = () => localStorage.getItem(OFF) === "1";

function press(target) {
  const line = target.querySelector(".line-main");
  if (line) return line.focus();
  if (target.matches(FIELDS)) return target.focus();
  target.click();
  if (target.matches("input")) target.focus();
  const details = target.closest("summary")?.parentElement;
  if (details?.open) details.querySelector("textarea, select, input:not([type=hidden])")?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") return leave();
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return send(event);
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || typing() || switchedOff()) return;
  const key = event.key.toLowerCase();
  const target = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find((one) => one.checkVisibility());
  if (!target || target.disabled) return;
  event.preventDefault();
  press(target);
});

function send(event) {
  const form = document.activeElement?.closest("form[data-send]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("[type=submit]:not([formaction])"));
}

/** Escape closes what is open, else leaves the field, so that the keys work again. */
function leave() {
  const open = document.activeElement?.closest("details[data-action][open]") ?? document.querySelector("details[data-action][open]");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  } else if (typing()) {
    document.activeElement.blur();
  }
}

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
document.querySelectorAll("[data-help]").forEach((button) =>
  button.addEventListener("click", () => (help.open ? help.close() : help.showModal())),
);
const toggle = help?.querySelector("[data-keys-toggle]");
if (toggle) {
  toggle.checked = !switchedOff();
  toggle.addEventListener("change", () => localStorage.setItem(OFF, toggle.checked ? "0" : "1"));
}
