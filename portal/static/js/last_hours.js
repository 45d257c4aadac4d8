/* data-last-hours="moment": a page of a draft that stays open while its deadline comes near. The server wrote the words of
   each step (data-day, data-hour, data-minutes, data-over); here they are only shown when their time comes. The words
   alone are announced (role=status), not the time that ticks beside them. */
import { askServer, serverNow } from "./clock.js";

const STEPS = [["minutes", 600000], ["hour", 3600000], ["day", 86400000]];

function stepOf(left) {
  if (left < 0) return "over";
  const found = STEPS.find(([, span]) => left <= span);
  return found ? found[0] : null;
}

function show(banner, step) {
  banner.hidden = false;
  banner.className = `dp-last-hours dp-last-hours--${step}`;
  const words = banner.querySelector("[data-last-hours-words]");
  if (words.textContent !== banner.dataset[step]) words.textContent = banner.dataset[step];
  if (step === "over") banner.querySelector("a")?.remove();
}

export function watchLastHours(page) {
  const banner = page.querySelector("[data-last-hours]");
  if (!banner) return;
  const until = Date.parse(banner.dataset.lastHours);
  let isSure = false;
  const timer = window.setInterval(async () => {
    let step = stepOf(until - serverNow());
    if (step === "over" && !isSure) {
      isSure = true; // before anybody reads that it is over, the server has said what time it is
      await askServer();
      step = stepOf(until - serverNow());
      isSure = step === "over";
    }
    if (step) show(banner, step);
    if (step === "over") window.clearInterval(timer);
  }, 1000);
}
