// The page works by forms alone. Here keys are pressed without a reload, and what is heard is spoken aloud.
(() => {
  const phone = document.querySelector(".phone");
  if (!phone) return;
  const heard = phone.querySelector(".phone-heard");
  const keys = phone.querySelector(".phone-keys");
  const speaks = phone.querySelector("input[type=checkbox]");
  const voice = window.speechSynthesis;
  let told = heard.querySelectorAll("li").length;

  if (speaks && voice) {
    speaks.closest("label").hidden = false;
    speaks.addEventListener("change", () => speaks.checked || voice.cancel());
  }
  phone.querySelector(".phone-again")?.remove();

  const say = (line) => {
    if (!voice || !speaks?.checked || line.textContent.startsWith("[")) return;
    const words = new SpeechSynthesisUtterance(line.textContent);
    words.lang = line.lang || document.documentElement.lang;
    voice.speak(words);
  };

  const listen = async () => {
    const answer = await fetch(phone.dataset.heard).catch(() => null);
    if (answer?.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const lines = [...page.querySelectorAll("li")];
      const state = page.querySelector(".phone-state");
      heard.querySelector(".phone-state").textContent = state.textContent;
      const list = heard.querySelector("ol");
      for (const line of lines.slice(told)) {
        list?.append(document.adoptNode(line));
        say(line);
        heard.scrollTop = heard.scrollHeight;
      }
      told = lines.length;
      if (state.dataset.over === "1") {
        if (keys) location.reload(); // the form to call again stands there
        return;
      }
    }
    setTimeout(listen, 700);
  };

  keys?.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = new FormData(keys);
    form.set("key", event.submitter?.value ?? "");
    voice?.cancel();
    fetch(keys.action, { method: "POST", body: form, redirect: "manual" }).catch(() => keys.submit());
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input") || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = [...(keys?.elements ?? [])].find((one) => one.value === event.key && one.name === "key" && event.key);
    key?.click();
  });
  if (keys) heard.querySelectorAll("li").forEach(say);
  listen();
})();
