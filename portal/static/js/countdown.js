/* data-countdown="moment": counts down by the server's clock (clock.js), never by the device's. In the last ten minutes the
   seconds show; the words are Intl's, so no sentence is built here that the server did not write. */
import { askIfAsleep, serverNow } from "./clock.js";

const language = document.documentElement.lang || "nl-BE";
const SECONDS_WITHIN = 600000;

function say(count, unit) {
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(count);
}

function parts(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const minutes = Math.floor(seconds / 60);
  const counts = [["day", Math.floor(minutes / 1440)], ["hour", Math.floor(minutes / 60) % 24], ["minute", minutes % 60]];
  if (milliseconds < SECONDS_WITHIN) counts.push(["second", seconds % 60]);
  const first = counts.findIndex(([, count]) => count > 0);
  if (first < 0) return [say(0, counts.at(-1)[0])];
  return counts.slice(first, first + 2).filter(([, count]) => count > 0).map(([unit, count]) => say(count, unit));
}

function together(words) {
  return new Intl.ListFormat(language, { type: "conjunction" }).format(words);
}

function show(element, left) {
  const words = together(parts(left));
  const figure = element.querySelector("b");
  if (figure) {
    const place = words.search(/[ \u00a0]/);
    figure.textContent = words.slice(0, place);
    element.querySelector("span").textContent = words.slice(place + 1);
  } else {
    const text = element.dataset.template.replace("{time}", words);
    if (element.textContent !== text) element.textContent = text;
  }
}

export function countDown(page) {
  const running = [...page.querySelectorAll("[data-countdown]")]
    .map((element) => [element, Date.parse(element.dataset.countdown)])
    .filter(([, until]) => until > serverNow());
  if (!running.length) return;
  const tick = () => {
    askIfAsleep();
    for (const [element, until] of running) show(element, until - serverNow());
  };
  tick();
  window.setInterval(tick, 1000);
}
