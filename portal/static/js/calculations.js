import { divided, hundredths, money } from "./euros.js";

/* <output data-calculation>: a sum, a product or a share of the answers on the page, exact in whole hundredths while one
   types. The server computes it again when it saves, and its figure is the one that counts. */
const form = document.querySelector("form[data-questions]");
const figures = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 });

/* `question`, or `question.part`: the cells of a table are named question-row-column, those of targets question-year-group. */
function figuresNamed(name) {
  const [question, part] = name.split(".");
  const block = form.querySelector(`[data-question="${CSS.escape(question)}"]`);
  if (!block || block.hidden) return [];
  const isCell = (control) => {
    const [, place, column] = control.name.slice(question.length).split("-");
    return /^\d+$/.test(place || "") && (!part || column === part);
  };
  return [...block.querySelectorAll("input")]
    .filter((each) => each.type !== "hidden" && (each.name === question || (each.name.startsWith(`${question}-`) && isCell(each))))
    .map((each) => (each.value.trim() ? hundredths(each.value.trim()) : null))
    .filter((each) => each !== null);
}

/* A figure of another section comes as hundredths, null where there is none. */
function valueOf(operand) {
  if (typeof operand !== "string") return operand === null ? null : BigInt(operand);
  const found = figuresNamed(operand);
  return found.length ? found.reduce((sum, each) => sum + each, 0n) : null;
}

function result({ operation, of }) {
  const values = of.map(valueOf);
  const known = values.filter((each) => each !== null);
  if (!known.length || (operation !== "sum" && known.length < values.length)) return null;
  if (operation === "sum") return known.reduce((sum, each) => sum + each, 0n);
  if (operation === "product") return divided(known.reduce((all, each) => all * each, 1n), 100n ** BigInt(known.length - 1));
  return known[1] ? divided(known[0] * 10000n, known[1]) : null;
}

function calculate() {
  for (const output of form.querySelectorAll("[data-calculation]")) {
    const recipe = JSON.parse(output.dataset.calculation);
    const found = result(recipe);
    let text = output.dataset.none;
    if (found !== null && recipe.isMoney) text = money(found);
    else if (found !== null) text = `${figures.format(Number(found) / 100)} ${output.dataset.unit}`.trim();
    if (output.textContent !== text) output.textContent = text;
  }
}

if (form?.querySelector("[data-calculation]")) {
  for (const event of ["input", "change", "portal:refreshed"]) form.addEventListener(event, calculate);
  calculate();
}
