import { fill } from "./words.js";

/* <textarea data-count="id of the meter" data-max="1200">: says how many characters are left while one types.
   A line break counts once, as on the server, which reads the text with its line ends made one. */
export function countCharacters(page) {
  for (const area of page.querySelectorAll("textarea[data-count]")) {
    const meter = page.getElementById(area.dataset.count);
    if (!meter || area.dataset.isCounted) continue;
    area.dataset.isCounted = "yes";
    area.addEventListener("input", () => {
      const left = Number(area.dataset.max) - [...area.value].length;
      meter.textContent = fill(left >= 0 ? meter.dataset.left : meter.dataset.over, Math.abs(left));
      meter.classList.toggle("dp-over", left < 0);
    });
  }
}

/* <span data-words-of="id of the control" data-max="300">: the same for words, that is what stands between white space. */
export function countWords(page) {
  for (const meter of page.querySelectorAll("[data-words-of]")) {
    const control = page.getElementById(meter.dataset.wordsOf);
    if (!control) continue;
    control.addEventListener("input", () => {
      const left = Number(meter.dataset.max) - control.value.split(/\s+/).filter(Boolean).length;
      meter.textContent = fill(left >= 0 ? meter.dataset.left : meter.dataset.over, Math.abs(left));
      meter.classList.toggle("dp-over", left < 0);
    });
  }
}
