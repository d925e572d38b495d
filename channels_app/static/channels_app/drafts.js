// What one types is kept in this browser until the service has it: through a reload, a lost session, a closed lid.

const keyOf = (field) => `draft:${field.dataset.draft}`;

function keep(field) {
  if (field.value.trim()) localStorage.setItem(keyOf(field), field.value);
  else localStorage.removeItem(keyOf(field));
  const told = field.form?.querySelector("[data-draft-state]");
  if (told && field.value.trim()) told.textContent = told.dataset.draftState;
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
  field.addEventListener("input", () => keep(field));
}
