// The agent's browser as a telephone, by the vendor's SDK (window.Twilio.Device), which an operator has added.
// Before it can be called it proves itself: the SDK reaches the provider, and the microphone hears something.

const status = document.getElementById("phone");
const tell = (word) => (status.textContent = status.dataset[word]);
const LISTEN_MS = 3000;

async function token() {
  const answer = await fetch(status.dataset.token, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error("no token");
  return (await answer.json()).token;
}

/** The loudest that the microphone was within some seconds, from 0 to 1; even a quiet room is not 0. */
async function level() {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let loudest = 0;
  for (const end = performance.now() + LISTEN_MS; performance.now() < end; ) {
    analyser.getFloatTimeDomainData(samples);
    loudest = samples.reduce((most, one) => Math.max(most, Math.abs(one)), loudest);
    await new Promise((go) => setTimeout(go, 50));
  }
  stream.getTracks().forEach((track) => track.stop());
  await context.close();
  return Math.min(1, loudest);
}

/** Whether the SDK reaches the provider and is registered there. */
async function registered(device) {
  await device.register();
  return device.state === "registered" ? "passed" : "failed";
}

async function prove(device) {
  const body = JSON.stringify({ preflight: await registered(device), level: await level() });
  const csrf = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf };
  const answer = await fetch(status.dataset.proved, { method: "POST", headers, body });
  tell(answer.ok ? "ready" : "silent");
}

try {
  const where = status.dataset.edge ? { edge: status.dataset.edge } : {};
  const device = new window.Twilio.Device(await token(), { codecPreferences: ["opus", "pcmu"], ...where });
  device.on("tokenWillExpire", async () => device.updateToken(await token()));
  device.on("incoming", (call) => {
    call.on("accept", () => {
      tell("talking");
      setTimeout(() => call.sendDigits("1"), 500); // the line is proved: a key takes the call
    });
    call.on("disconnect", () => tell("ready"));
    call.accept();
  });
  await prove(device);
} catch {
  tell("failed");
}
