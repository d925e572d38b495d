// The palette: every action that the page offers now, found by its name. It reads the same table as the keys.

import { actions, elementOf, press } from "./keys.js";

const palette = document.getElementById("palette");
const words = document.getElementById("palette-words");
const none = document.getElementById("palette-none");
const plain = (text) => text.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase();
let offered = [];
let chosen = -1;

/** The actions whose element is here, each with what tells it apart (the way to answer, the button's own word). */
function open() {
  const from = document.activeElement;
  offered = actions.filter((action) => action.selector !== "#palette" && elementOf(action, from));
  for (const action of actions) {
    const which = elementOf(action, from)?.dataset.which ?? "";
    action.row.querySelector("[data-which]").textContent = which;
    action.told = plain(action.row.textContent);
  }
  words.value = "";
  filter();
  palette.showModal();
}

function filter() {
  const wanted = plain(words.value).split(/\s+/);
  for (const action of actions) {
    action.row.hidden = !(offered.includes(action) && wanted.every((word) => action.told.includes(word)));
  }
  choose(0);
  none.textContent = shown().length ? "" : none.dataset.none;
}

const shown = () => actions.filter(({ row }) => !row.hidden);

function choose(number) {
  const rows = shown();
  chosen = rows.length ? (number + rows.length) % rows.length : -1;
  for (const { row } of actions) row.setAttribute("aria-selected", String(rows[chosen]?.row === row));
  if (chosen < 0) return words.removeAttribute("aria-activedescendant");
  words.setAttribute("aria-activedescendant", rows[chosen].row.id);
  rows[chosen].row.scrollIntoView({ block: "nearest" });
}

/** Closing gives the focus back to where it was; from there the action is done. */
function act(action) {
  palette.close();
  const element = action && elementOf(action);
  if (element) press(element);
}

const STEPS = { ArrowDown: () => chosen + 1, ArrowUp: () => chosen - 1, PageDown: () => Math.min(chosen + 8, shown().length - 1), PageUp: () => Math.max(chosen - 8, 0) };

if (palette) {
  document.querySelectorAll("[data-does=palette]").forEach((button) => button.addEventListener("click", open));
  palette.addEventListener("asked", open);
  words.addEventListener("input", filter);
  words.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter") act(shown()[chosen]);
    else if (STEPS[event.key]) choose(STEPS[event.key]());
    else if (event.key === "k" && (event.ctrlKey || event.metaKey)) palette.close();
    else return;
    event.preventDefault();
  });
  palette.addEventListener("click", ({ target }) => {
    if (target === palette) return palette.close();
    const row = target.closest("[role=option]");
    if (row) act(actions.find((action) => action.row === row));
  });
}
