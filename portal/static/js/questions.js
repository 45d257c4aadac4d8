/* A section's questions: <div data-question data-show-if> appears and disappears with the answers above it, and a long list
   of municipalities filters by name or postal code. The server decides again when it saves. */
const form = document.querySelector("form[data-questions]");

function answer(name) {
  const controls = [...form.elements].filter((each) => each.name === name && each.type !== "hidden");
  if (controls.some((each) => each.type === "checkbox")) {
    return controls.filter((each) => each.checked).map((each) => each.value);
  }
  if (controls.some((each) => each.type === "radio")) return controls.find((each) => each.checked)?.value;
  return controls[0]?.value;
}

function isHidden(name) {
  return Boolean(form.querySelector(`[data-question="${CSS.escape(name)}"]`)?.hidden);
}

/* A clause is [question, operator, value], or true or false where another section has settled it. */
function holds(clause) {
  if (typeof clause === "boolean") return clause;
  const [name, operator, value] = clause;
  const given = isHidden(name) ? undefined : answer(name);
  const wanted = typeof value === "boolean" ? (value ? "yes" : "no") : String(value);
  if (operator === "is") return given === wanted;
  if (operator === "is_not") return given !== wanted;
  if (operator === "includes") return Array.isArray(given) && given.includes(wanted);
  return given !== undefined && given !== "" && Number(given.replace(",", ".")) >= Number(value);
}

function showAsked() {
  for (const question of form.querySelectorAll("[data-show-if]")) {
    const condition = JSON.parse(question.dataset.showIf);
    question.hidden = !(condition.all.every(holds) && (!condition.any.length || condition.any.some(holds)));
  }
}

function plain(text) {
  return text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, " ").trim();
}

/* Digits are the beginning of a postal code; anything else is a part of the name. */
function isSought(item, wanted) {
  if (/^\d+$/.test(wanted)) return item.dataset.codes.split(" ").some((code) => code.startsWith(wanted));
  return plain(item.dataset.name).includes(wanted);
}

function filterChoices(block) {
  if (block.dataset.isFiltered) return;
  block.dataset.isFiltered = "yes";
  const box = block.querySelector("[data-filter-box]");
  const input = box.querySelector("input");
  const status = box.querySelector("[data-found]");
  const items = [...block.querySelectorAll(".govuk-checkboxes__item")];
  const groups = [...block.querySelectorAll("details")];
  input.removeAttribute("name"); // what is searched is no answer
  box.querySelector("button").hidden = true;
  input.addEventListener("input", () => {
    const wanted = plain(input.value.trim());
    for (const item of items) item.hidden = !isSought(item, wanted);
    for (const group of groups) {
      const found = [...group.querySelectorAll(".govuk-checkboxes__item")].some((item) => !item.hidden);
      group.hidden = !found;
      group.open = Boolean(wanted) && found;
    }
    const count = items.filter((item) => !item.hidden).length;
    status.textContent = wanted ? status.dataset.found.replace("{n}", count) : "";
  });
  input.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  const chosen = block.querySelector("[data-chosen]");
  block.addEventListener("change", () => {
    const names = items.filter((item) => item.querySelector("input").checked).map((item) => item.dataset.name);
    const list = new Intl.ListFormat(document.documentElement.lang, { type: "conjunction" }).format(names);
    chosen.textContent = names.length ? chosen.dataset.some.replace("{names}", list) : chosen.dataset.none;
  });
}

if (form) {
  form.addEventListener("change", showAsked);
  form.addEventListener("input", showAsked);
  const draw = () => {
    showAsked();
    form.querySelectorAll("[data-choices]").forEach(filterChoices);
  };
  form.addEventListener("portal:refreshed", draw);
  draw();
}
