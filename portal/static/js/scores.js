/* <form data-scores>: the running total while one scores. The server computes the total that counts. */
const figures = (decimals) =>
  new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });

function chosen(group) {
  const mark = group.querySelector("input[type=radio]:checked");
  return mark ? mark.value : "";
}

/* Σ weight × score ÷ Σ weight, × 10, half up to two decimals, in whole numbers as the server does. */
function weightedTotal(groups) {
  let points = 0;
  let weight = 0;
  for (const group of groups) {
    const value = chosen(group);
    if (!/^\d+$/.test(value)) continue;
    points += Number(value) * Number(group.dataset.weight);
    weight += Number(group.dataset.weight);
  }
  return weight ? Math.floor((points * 2000 + weight) / (2 * weight)) / 100 : null;
}

function showRow(form, group) {
  const row = form.querySelector(`[data-row="${CSS.escape(group.dataset.criterion)}"]`);
  const value = chosen(group);
  const isScore = /^\d+$/.test(value);
  row.querySelector("[data-score]").textContent = isScore ? value : "–";
  row.querySelector("[data-points]").textContent =
    isScore ? figures(1).format((Number(value) * Number(group.dataset.weight)) / 10) : "";
}

for (const form of document.querySelectorAll("form[data-scores]")) {
  const groups = [...form.querySelectorAll("fieldset[data-weight]")];
  const answered = form.querySelector("[data-answered]");
  form.addEventListener("change", () => {
    const total = weightedTotal(groups);
    form.querySelector("[data-total]").textContent = total === null ? "–" : figures(2).format(total);
    answered.textContent = answered.dataset.answered
      .replace("{done}", String(groups.filter((group) => chosen(group) !== "").length))
      .replace("{all}", String(groups.length));
    groups.forEach((group) => showRow(form, group));
  });
}
