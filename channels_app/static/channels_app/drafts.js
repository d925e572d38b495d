// What one types is kept in this browser until the service has it: through a reload, a lost session, a closed lid.

const keyOf = (field) => `draft:${field.dataset.draft}`;

function keep(field) {
  if (field.value.trim()) localStorage.setItem(keyOf(field), field.value);
  else localStorage.removeItem(keyOf(field));
  const told = field.form?.querySelector("[data-draft-state]");
  if (told && field.value.trim()) told.textContent = told.dataset.draftState;
}

// A moment after one stops, or now and then while one goes on, the service keeps it as well; that renews the lease.
const PAUSE = 1500;
const AT_LEAST = 10_000;
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
  const token = field.form?.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  const body = new URLSearchParams({ form: field.dataset.form, text: field.value, csrfmiddlewaretoken: token });
  try {
    await fetch(field.dataset.keep, { method: "POST", body, credentials: "same-origin", keepalive: field.value.length < 30_000 });
  } catch {
    // it is kept in this browser; the next letter tries again
  }
}

// The service says with data-done which drafts it has now; only then are they forgotten.
for (const notice of document.querySelectorAll("[data-done]")) {
  notice.dataset.done.split(" ").forEach((done) => done && localStorage.removeItem(`draft:${done}`));
}

for (const field of document.querySelectorAll("[data-draft]")) {
  const kept = localStorage.getItem(keyOf(field));
  if (kept && !field.value.trim()) {
    field.value = kept;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    const details = field.closest("details[data-action]");
    if (details) details.dataset.hasDraft = "";
  }
  field.addEventListener("input", () => {
    keep(field);
    keepThere(field);
  });
}
