import { fill } from "./words.js";

/* <input type="search" data-filter="#table" data-found="{n} municipalities" aria-describedby="id of a status line">:
   shows the rows whose text holds what is typed, without accents, and says how many. */
function plain(text) {
  return text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase();
}

export function filterTables(page) {
  for (const box of page.querySelectorAll("input[data-filter]")) {
    const table = page.querySelector(box.dataset.filter);
    const status = page.getElementById(box.getAttribute("aria-describedby"));
    if (!table) continue;
    const rows = [...table.tBodies].flatMap((body) => [...body.rows]).map((row) => ({ row, text: plain(row.textContent) }));
    box.addEventListener("input", () => {
      const wanted = plain(box.value.trim());
      let found = 0;
      for (const { row, text } of rows) {
        row.hidden = !text.includes(wanted);
        if (!row.hidden) found += 1;
      }
      if (status && box.dataset.found) status.textContent = fill(box.dataset.found, found);
    });
  }
}
