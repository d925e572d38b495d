// Wait for so many milliseconds, also while the page is hidden.

const waiting = new Map();
let last = 0;
let worker = null;
try {
  worker = new Worker(new URL("./ticker.js", import.meta.url));
  worker.onmessage = ({ data }) => end(data);
  worker.onerror = () => {
    worker = null;
    for (const number of [...waiting.keys()]) end(number);
  };
} catch {
  // a browser without workers: its own timers are what there is
}

function end(number) {
  waiting.get(number)?.();
  waiting.delete(number);
}

export const pause = (ms) =>
  new Promise((done) => {
    if (!worker) return setTimeout(done, ms);
    waiting.set(++last, done);
    worker.postMessage([last, ms]);
  });
