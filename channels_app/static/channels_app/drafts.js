// What one types is never lost: kept in this browser at once, and by the service a moment later, through a reload, a
// lost session, a closed lid, a second window, another machine. No clock decides which text is newer: this browser
// remembers with each draft what the service last said it has, and where both have gone on, both texts are shown.

const WORDS = document.getElementById("draft-words")?.dataset ?? {};
const keyOf = (field) => `draft:${field.dataset.draft}`;
const confirmed = new WeakMap(); // field → what the service has
const mixed = new WeakSet(); // fields that show two texts, until somebody edits them

function read(key) {
  const kept = localStorage.getItem(key);
  try {
    return kept && JSON.parse(kept);
  } catch {
    return { text: kept, base: "" };
  }
}

function keep(field) {
  const draft = { text: field.value, base: confirmed.get(field) ?? "" };
  try {
    if (draft.text.trim()) localStorage.setItem(keyOf(field), JSON.stringify(draft));
    else localStorage.removeItem(keyOf(field));
  } catch {
    // the browser's room is full or closed; the service keeps it
  }
}

/** Say beside the field how safe it is; only what changes is said, so that nothing moves or speaks while one types. */
function say(field, word) {
  const told = field.form?.querySelector("[data-draft-state]");
  if (told && !mixed.has(field) && told.textContent !== word) told.textContent = word;
}

/** Say on the button of a panel that something is written in it. */
function mark(field) {
  field.closest("details[data-action]")?.toggleAttribute("data-has-draft", Boolean(field.value.trim()));
}

// A moment after one stops, or now and then while one goes on, the service keeps it as well; that renews the lease.
const PAUSE = 1500;
const AT_LEAST = 10_000;
const OUTLIVES = 60_000; // bytes: a request that is to outlive its page may carry no more than 64 KiB
const waiting = new WeakMap();
const sentAt = new WeakMap();

function keepThere(field) {
  if (!field.dataset.keep) return;
  clearTimeout(waiting.get(field));
  const since = Date.now() - (sentAt.get(field) ?? 0);
  waiting.set(field, setTimeout(() => send(field), since > AT_LEAST ? 0 : PAUSE));
}

async function send(field) {
  sentAt.set(field, Date.now());
  const text = field.value;
  const cookie = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1]; // newer than the page's own after a new log-in
  const token = cookie ?? field.form?.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  const body = new URLSearchParams({ form: field.dataset.form, text, csrfmiddlewaretoken: token });
  const keepalive = String(body).length < OUTLIVES; // as it is sent: an Arabic letter is six bytes of it
  try {
    const answer = await fetch(field.dataset.keep, {
      method: "POST", body, credentials: "same-origin", redirect: "manual", keepalive,
    });
    if (answer.status === 422) return say(field, await answer.text());
    if (answer.status !== 204) {
      document.dispatchEvent(new Event("draft:refused")); // perhaps nobody is logged in any more
      return say(field, WORDS.browser);
    }
  } catch {
    return say(field, WORDS.browser); // the next letter tries again
  }
  confirmed.set(field, text);
  keep(field);
  if (text.trim() && text === field.value) say(field, WORDS.kept);
}

// The service says with data-done which drafts it has now; only then are they forgotten.
for (const notice of document.querySelectorAll("[data-done]")) {
  notice.dataset.done.split(" ").forEach((done) => done && localStorage.removeItem(`draft:${done}`));
}

function changed(field) {
  mixed.delete(field);
  keep(field);
  mark(field);
  if (!field.value.trim()) say(field, "");
  keepThere(field);
}

/** What this browser kept, beside what the page brought: the later one, or both. */
function restore(field) {
  const shown = field.value;
  const kept = read(keyOf(field));
  confirmed.set(field, shown);
  if (!kept || kept.text === shown) return shown;
  if (kept.base === kept.text) {
    askWhatIsThere(field);
    return kept.text;
  }
  if (kept.base === shown || kept.text.includes(shown)) return kept.text;
  if (shown.includes(kept.text)) return shown;
  say(field, WORDS.both);
  mixed.add(field);
  return `${kept.text}\n\n${shown}`;
}

/**
 * The service had just this text and the page brings another: either it was sent or gone on with elsewhere since, or the
 * page was made a moment before the text arrived. Only the service knows, so ours stays until it has said.
 */
async function askWhatIsThere(field) {
  const ours = read(keyOf(field)).text;
  confirmed.set(field, ours);
  const address = `${field.dataset.keep}?${new URLSearchParams({ form: field.dataset.form })}`;
  let there;
  try {
    const answer = await fetch(address, { credentials: "same-origin", cache: "no-store", redirect: "manual" });
    if (answer.status !== 200) return;
    there = await answer.text();
  } catch {
    return;
  }
  if (field.value !== ours) return; // one types on already, and that is the newest
  field.value = there;
  confirmed.set(field, there);
  keep(field);
  mark(field);
}

const fields = [...document.querySelectorAll("[data-draft]")];
for (const field of fields) {
  const shown = field.value;
  const text = restore(field);
  if (text !== shown) {
    field.value = text;
    if (text !== confirmed.get(field)) keepThere(field);
  }
  if (text) keep(field);
  mark(field);
  field.addEventListener("input", () => changed(field));
  field.form?.addEventListener("submit", () => clearTimeout(waiting.get(field)));
}

// A second window on the same request goes along, so that both always show the same draft.
window.addEventListener("storage", ({ key, oldValue, newValue }) => {
  const field = fields.find((one) => keyOf(one) === key);
  if (!field) return;
  if (newValue === null) return field.value.trim() && say(field, WORDS.elsewhere);
  const before = oldValue ? JSON.parse(oldValue).text : "";
  if (field.value !== before && field.value.trim()) return;
  field.value = JSON.parse(newValue).text;
  confirmed.set(field, JSON.parse(newValue).base);
  mark(field);
  say(field, "");
});
