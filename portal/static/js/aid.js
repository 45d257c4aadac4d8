/* <form data-aid>: declared de-minimis aid and the partner's share of the grant against the ceiling, while one types. The
   server computes again when it saves, and when the application is submitted. */
import { cents, hundredths, money } from "./euros.js";

const percent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });

function showAid(form, sheet) {
  const share = cents(sheet.dataset.share);
  const ceiling = cents(sheet.dataset.ceiling);
  const least = cents(sheet.dataset.least);
  let declared = 0n;
  for (const field of form.querySelectorAll('input[name^="aid_"]')) declared += hundredths(field.value) ?? 0n;
  if (declared < least) declared = least;
  const used = declared + share;
  const isOver = used > ceiling;
  const isNear = used * 10n >= ceiling * 9n;
  sheet.querySelector("[data-used]").textContent = money(used);
  sheet.querySelector("[data-percent]").textContent = percent.format(Number(used) / Number(ceiling));
  sheet.querySelector("[data-near]").hidden = isOver || !isNear;
  sheet.querySelector("[data-above]").hidden = !isOver;
  const [aid, own] = sheet.querySelectorAll("rect");
  const wide = (amount) => Math.min(Number((amount * 1000n) / ceiling) / 10, 100);
  aid.setAttribute("width", String(wide(declared)));
  own.setAttribute("x", String(wide(declared)));
  own.setAttribute("width", String(Math.min(wide(share), 100 - wide(declared))));
  own.setAttribute("class", isOver ? "is-over" : isNear ? "is-warn" : "");
}

for (const form of document.querySelectorAll("form[data-aid]")) {
  const sheet = form.querySelector("[data-ceiling]");
  if (sheet) form.addEventListener("input", () => showAid(form, sheet));
}
