// Timers for pages that nobody looks at: a browser gives a hidden page one turn a minute, and a worker all of them.

onmessage = ({ data: [number, ms] }) => setTimeout(() => postMessage(number), ms);
