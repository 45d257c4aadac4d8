/* data-countdown="moment" data-now="the server's now": counts on from the server's clock, never from the device's.
   Below a day it ticks each half minute; the words are Intl's, so no sentence is built here that the server did not write. */
const language = document.documentElement.lang || "nl-BE";

function say(count, unit) {
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(count);
}

function parts(milliseconds) {
  const minutes = Math.max(0, Math.floor(milliseconds / 60000));
  const counts = [["day", Math.floor(minutes / 1440)], ["hour", Math.floor(minutes / 60) % 24], ["minute", minutes % 60]];
  const first = counts.findIndex(([, count]) => count > 0);
  if (first < 0) return [say(0, "minute")];
  return counts.slice(first, first + 2).filter(([, count]) => count > 0).map(([unit, count]) => say(count, unit));
}

function together(words) {
  return new Intl.ListFormat(language, { type: "conjunction" }).format(words);
}

function show(element, left) {
  const words = together(parts(left));
  const figure = element.querySelector("b");
  if (figure) {
    const place = words.indexOf(" ") < 0 ? words.indexOf("\u00a0") : words.indexOf(" ");
    figure.textContent = words.slice(0, place);
    element.querySelector("span").textContent = words.slice(place + 1);
  } else {
    element.textContent = element.dataset.template.replace("{time}", words);
  }
}

export function countDown(page) {
  const started = performance.now();
  for (const element of page.querySelectorAll("[data-countdown]")) {
    const left = Date.parse(element.dataset.countdown) - Date.parse(element.dataset.now);
    const tick = () => show(element, left - (performance.now() - started));
    if (left > 0) window.setInterval(tick, 30000);
  }
}
