/* What time it is on the server, whatever the device's clock says. The page carries the server's moment (data-now); from
   there the browser's stopwatch counts on. It is started at the moment the page was asked for, so that a slow line never
   shows more time than there is. Where the stopwatch may have stood still (sleep, a frozen tab, a page from the cache),
   the server is asked again (data-clock). */
const page = document.querySelector("[data-now]");
const asking = performance.getEntriesByType("navigation")[0];
let said = page ? Date.parse(page.dataset.now) : NaN;
let since = asking ? asking.requestStart : 0;
let skew = Date.now() - performance.now();

export function serverNow() {
  return said + performance.now() - since;
}

export async function askServer() {
  const source = document.querySelector("[data-clock]");
  skew = Date.now() - performance.now();
  if (!source) return;
  const before = performance.now();
  try {
    const answer = await fetch(source.dataset.clock, { cache: "no-store" });
    if (!answer.ok) return;
    said = Date.parse((await answer.json()).now);
    since = before;
  } catch { /* offline: count on */ }
}

/* A device that slept: its wall clock ran on while its stopwatch may not have. A clock set by hand only costs a question. */
export function askIfAsleep() {
  if (Math.abs(Date.now() - performance.now() - skew) > 2000) return askServer();
  return undefined;
}

document.addEventListener("visibilitychange", () => { if (!document.hidden) askServer(); });
window.addEventListener("online", askServer);
if (asking && asking.type === "back_forward") askServer();
