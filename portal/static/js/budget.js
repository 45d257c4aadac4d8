/* <form data-budget>: what each line comes to, the sum of the lines, and the requested grant against the highest one, while
   one types. All in whole cents; the server computes again when it saves. */
import { cents, divided, hundredths, money } from "./euros.js";

function amountOf(line) {
  const typed = (name) => line.querySelector(`input[name$="-${name}"]`);
  const quantity = typed("quantity") ? hundredths(typed("quantity").value) : 100n;
  const price = hundredths(typed("unit_price_amount").value);
  return quantity === null || price === null ? null : divided(quantity * price, 100n);
}

function showExplanation(line, amount) {
  const meter = line.querySelector("[data-least]");
  if (!meter) return;
  const written = [...line.querySelector("textarea").value.trim()].length;
  const short = Number(meter.dataset.least) - written;
  meter.hidden = short <= 0 || (written === 0 && amount === null);
  meter.querySelector("[data-short]").textContent = meter.dataset.words.replace("{n}", String(short));
}

function showRequest(form, sum) {
  const { elsewhere, income, rate, cap } = form.dataset;
  const requested = divided((cents(elsewhere) + sum - cents(income)) * cents(rate), 10000n);
  const left = cents(cap) - requested;
  const room = form.querySelector("[data-room]");
  form.querySelector("[data-requested]").textContent = money(requested);
  room.textContent = (left >= 0n ? room.dataset.left : room.dataset.over).replace("{amount}", money(left < 0n ? -left : left));
  const part = form.querySelector(".dp-cap .dp-bar rect");
  const width = Number((requested * 1000n) / cents(cap)) / 10;
  part.setAttribute("width", String(Math.min(Math.max(width, 0), 100)));
  part.classList.toggle("is-over", left < 0n);
}

function showTotals(form) {
  let sum = 0n;
  for (const line of form.querySelectorAll("[data-cost]")) {
    const amount = amountOf(line);
    line.querySelector("[data-amount]").textContent = amount === null ? "" : money(amount);
    if (!line.querySelector('input[name$="-remove"]')?.checked) sum += amount ?? 0n;
    showExplanation(line, amount);
  }
  form.querySelector("[data-total]").textContent = money(sum);
  showRequest(form, sum);
}

for (const form of document.querySelectorAll("form[data-budget]")) {
  form.addEventListener("input", () => showTotals(form));
  form.addEventListener("change", () => showTotals(form));
  showTotals(form);
}
