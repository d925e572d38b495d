// Keep the regions of an open page true. The socket nudges, the page reads again over HTTP; where there is no socket,
// it reads every few seconds. A missed nudge does no harm: on every gap, reconnect, and twice a minute all is re-read.
//
//   <meta name="live" content="ws://…/live/">
//   <section data-reads="/desk/queue/">…</section>
//
// A nudge names the queue that changed; only queues that this reader may see are ever named, so each is a reason to read.
// A region of things meant for this reader alone (data-mine: offers, mentions) is told of by name; a queue that changed
// concerns it only while it shows something, which may just have been withdrawn. A region that says who else looks at it
// (data-looked-away: where to say that one no longer does) is told of by name as well. So is who no longer has work in
// hand, whatever queue it is of: all is read again.
// Any answer may tell the reader's presence (a header), which can have changed without them. A region that is not theirs
// to see any more says so in the words of its data-gone, and the old story is taken off the screen.

import { morph } from "./morph.js";
import { pause } from "./pause.js";

const SLOWLY = 30_000; // with a socket
const UNSEEN = 20_000; // hidden and without one: often enough to be a sign of life
const OFTEN = 4_000; // without one
const PATIENTLY = 8; // without one, a wait is at least so many times what the last reading took
const SOON = 2_500; // while somebody is on the line: [data-soon]
const BREATH = 1_000; // between two readings of one region
const SPREAD = 300; // a thousand desks that hear of one change do not all ask in the same instant
const SIGN_OF_LIFE = 15_000;
const LONGEST_PAUSE = 30_000;
const OPENED = "desk:opened";
const TICK = 1_000;
const JUMP = 10_000; // a second that took so long means that the lid was closed
const THROTTLED = 90_000; // the same where the browser lets a hidden page have a turn once a minute
const HUNG = 30_000; // a reading that takes so long will not come any more

// Each look at the page has its number: a reading that arrives after the look has ended begins it no more.
const aLook = () => String(Math.random()).slice(2);
let look = aLook();

const about = (ms) => ms * (0.75 + Math.random() / 2);
const say = (state) => {
  if (document.body.dataset.live === state) return;
  document.body.dataset.live = state;
  document.dispatchEvent(new CustomEvent("live:state", { detail: state }));
};

class Region {
  constructor(element) {
    this.element = element;
    this.etag = "";
    this.reading = null;
    this.again = false;
    this.took = 0;
  }

  /** Read soon; changes that come while we read are read once more afterwards. */
  refresh() {
    if (this.reading) {
      this.again = true;
      return this.reading;
    }
    this.reading = this.#read().finally(async () => {
      await pause(about(BREATH));
      this.reading = null;
      if (this.again) {
        this.again = false;
        this.refresh();
      }
    });
    return this.reading;
  }

  async #read() {
    const headers = { "X-Requested-With": "live", "X-Page": document.hidden ? "hidden" : "shown", "X-Look": look };
    if (this.etag) headers["If-None-Match"] = this.etag;
    const began = Date.now();
    let answer;
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), HUNG);
    const asked = { headers, cache: "no-store", credentials: "same-origin", signal: patience.signal };
    try {
      answer = await fetch(this.element.dataset.reads, asked);
    } catch {
      return say("away");
    } finally {
      clearTimeout(timer);
    }
    this.took = Date.now() - began;
    if (answer.redirected || answer.status === 401 || answer.status === 403) return say("logged-out");
    if (answer.status >= 500) return say("away");
    say(socketIsOpen() ? "live" : "asking");
    showPresence(answer.headers.get("Presence"));
    if (answer.status === 404 && this.element.dataset.gone) return this.#gone();
    if (answer.status !== 200) return;
    this.etag = answer.headers.get("ETag") ?? "";
    this.#show(await answer.text());
  }

  #gone() {
    if (this.element.querySelector(":scope > .is-gone")) return;
    this.etag = "";
    const told = document.createElement("p");
    told.className = "notice is-error is-gone";
    told.textContent = this.element.dataset.gone;
    told.setAttribute("role", "alert");
    this.element.replaceChildren(told);
  }

  #show(html) {
    const fresh = document.createElement("template"); // keeps the space before the first element, as the page has it
    fresh.innerHTML = html;
    const before = new Set([...this.element.querySelectorAll("[id]")].map((one) => one.id));
    const shell = this.element.cloneNode(false);
    shell.append(fresh.content);
    morph(this.element, shell);
    const arrived = [...this.element.querySelectorAll("[id]")].filter((one) => !before.has(one.id));
    this.element.dispatchEvent(new CustomEvent("live:shown", { bubbles: true, detail: { arrived } }));
  }
}

function showPresence(state) {
  const shown = document.querySelector("[data-presence]");
  if (!state || !shown || shown.dataset.presence === state) return;
  shown.dataset.presence = state;
  shown.querySelector("summary .dot").className = `dot is-${state}`;
  shown.querySelector("[data-presence-word]").textContent = shown.getAttribute(`data-say-${state}`);
  for (const button of shown.querySelectorAll("button[name=state]")) {
    if (button.value === state) button.setAttribute("aria-pressed", "true");
    else button.removeAttribute("aria-pressed");
  }
}

const regions = [...document.querySelectorAll("[data-reads]")].map((element) => new Region(element));
const refresh = (which = () => true) => regions.filter(which).forEach((region) => region.refresh());
const isMine = ({ element }) => "mine" in element.dataset;
const isLookedAt = ({ element }) => "lookedAway" in element.dataset;
const ofQueues = (region) => !isMine(region) || region.element.childElementCount > 0;

async function refreshQueues() {
  await pause(SPREAD * Math.random());
  refresh(ofQueues);
}

let socket = null;
let failures = 0;
const socketIsOpen = () => socket !== null && socket.readyState === 1;

function connect() {
  const address = document.querySelector('meta[name="live"]')?.content;
  if (!address || !("WebSocket" in window)) return;
  try {
    socket = new WebSocket(address);
  } catch {
    return;
  }
  socket.addEventListener("open", () => {
    failures = 0;
    say("live");
    refresh();
  });
  socket.addEventListener("message", (message) => {
    const said = JSON.parse(message.data);
    if (said.offer !== undefined || said.hands !== undefined) refresh();
    else if (said.mention !== undefined) refresh(isMine);
    else if (said.looking !== undefined) refresh(isLookedAt);
    else if (said.queue !== undefined) refreshQueues();
  });
  socket.addEventListener("close", async () => {
    if (document.body.dataset.live === "live") say("asking");
    await pause(about(Math.min(1000 * 2 ** failures++, LONGEST_PAUSE)));
    connect();
  });
}

function interval() {
  if (document.hidden) return socketIsOpen() ? SLOWLY : UNSEEN;
  if (document.querySelector("[data-soon]")) return SOON;
  if (socketIsOpen()) return SLOWLY;
  // A thousand desks that lost their sockets at once must not keep the server from giving them new ones.
  const slowest = Math.max(...regions.map((region) => region.took));
  return Math.min(SLOWLY, Math.max(OFTEN, PATIENTLY * slowest));
}

/** Read at intervals whatever the socket says: often as soon as there is none. After a closed lid it is surely dead. */
async function readAtIntervals() {
  let [read, ticked, spread] = [performance.now(), Date.now(), about(1)];
  for (;;) {
    await pause(TICK);
    const jumped = Date.now() - ticked > (document.hidden ? THROTTLED : JUMP);
    ticked = Date.now();
    if (jumped) socket?.close();
    if (!jumped && performance.now() - read < interval() * spread) continue;
    [read, spread] = [performance.now(), about(1)];
    refresh();
  }
}

async function giveSignsOfLife() {
  for (;;) {
    await pause(SIGN_OF_LIFE);
    if (socketIsOpen()) socket.send("{}");
  }
}

/** A page that is closed or hidden looks at nothing any more; whoever else looks at it sees so at once. */
function lookAway() {
  const token = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1];
  const body = () => new URLSearchParams({ csrfmiddlewaretoken: token, look });
  for (const { element } of token ? regions.filter(isLookedAt) : []) navigator.sendBeacon(element.dataset.lookedAway, body());
  look = aLook();
}

if (regions.length) {
  connect();
  readAtIntervals();
  giveSignsOfLife();
  for (const event of ["online", "pageshow"]) window.addEventListener(event, () => refresh());
  document.addEventListener("visibilitychange", () => (document.hidden ? lookAway() : refresh()));
  window.addEventListener("pagehide", lookAway);
  // A page that opens says so to the others: one of them may have been logged out, and be let in again by now.
  const loggedOut = () => document.body.dataset.live === "logged-out";
  window.addEventListener("storage", ({ key }) => key === OPENED && loggedOut() && refresh());
  window.addEventListener("focus", () => loggedOut() && refresh());
  document.addEventListener("draft:refused", () => refresh());
  try {
    localStorage.setItem(OPENED, String(Math.random()));
  } catch {
    // the browser keeps nothing: the next reading tells
  }
}

export { refresh };
