// Passkeys: the browser asks its holder for a finger, a face or a PIN, and what it answers is sent with the form.
//
//   <form data-passkey="get" [data-options="/address/of/the/question/"]>   sign in, or prove that it is still you
//   <form data-passkey="create">                                          add one
//
// The question stands in #passkey-options, or is fetched at the click, since one that waits too long grows stale.

const NUMBER = /^(\d+\.){3}\d+$|^\[/;

const able = () => {
  if (NUMBER.test(location.hostname)) return "byName";
  return window.isSecureContext && window.PublicKeyCredential?.parseCreationOptionsFromJSON ? "" : "tooOld";
};

async function question(form) {
  if (!form.dataset.options) return JSON.parse(document.getElementById("passkey-options").textContent);
  const headers = { "X-Requested-With": "XMLHttpRequest" };
  const answer = await fetch(form.dataset.options, { headers, cache: "no-store", credentials: "same-origin" });
  return (await answer.json()).request_options;
}

async function answer(form) {
  const { publicKey } = await question(form);
  if (form.dataset.passkey === "create")
    return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) });
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const button = form.querySelector("button[hidden]");
  const line = form.querySelector("[role=status]");
  const why = able();
  line.textContent = why ? line.dataset[why] : "";
  button.hidden = Boolean(why);
  button.addEventListener("click", async () => {
    button.disabled = true;
    line.textContent = "";
    try {
      form.elements.credential.value = JSON.stringify((await answer(form)).toJSON());
      form.submit();
    } catch (error) {
      line.textContent = error.name === "InvalidStateError" ? line.dataset.known : line.dataset.refused;
      button.disabled = false;
    }
  });
}
