import { draftOf } from "./drafts.js";

/* <form data-keep="person">: what is typed and not saved yet stays on this computer, for that person and this page; after
   a reload, or after signing in again, it is offered. Forms that save by themselves (autosave.js) keep it their own way. */
const WHOLE = "form";
const SETTLES = 400;

export function keepTyped(page) {
  for (const form of page.querySelectorAll("form[data-keep]")) keep(form);
}

function keep(form) {
  const draft = draftOf(form.dataset.keep, location.pathname + location.search);
  const kept = draft.read()[WHOLE]?.pairs;
  let timer = 0;
  form.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => draft.keep(WHOLE, "", pairsOf(form)), SETTLES);
  });
  if (!kept) return;
  if (!isDrawn(form, kept)) offer(form, draft, kept);
  else if (!document.querySelector(".govuk-error-summary")) draft.clear(); // drawn without a complaint: it is saved
}

function pairsOf(form) {
  return [...new FormData(form)].filter(([name, value]) => name !== "csrf_token" && typeof value === "string");
}

/* Whether everything that was typed stands in the form. A version that went up with the saving does not matter. */
function isDrawn(form, kept) {
  const drawn = new Set(pairsOf(form).map(([name, value]) => JSON.stringify([name, value])));
  return kept.every(([name, value]) => !value || isHidden(form, name) || drawn.has(JSON.stringify([name, value])));
}

function isHidden(form, name) {
  return form.elements[name]?.type === "hidden";
}

function offer(form, draft, kept) {
  const box = form.querySelector("[data-draft-offer]");
  if (!box) return;
  box.hidden = false;
  box.querySelector("[data-restore]").addEventListener("click", () => putBack(form, box, kept));
  box.querySelector("[data-discard]").addEventListener("click", () => {
    draft.clear();
    close(form, box);
  });
}

function close(form, box) {
  box.hidden = true;
  form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
}

function putBack(form, box, kept) {
  if (kept.some(([name]) => !form.elements[name])) return drawAnew(form, kept);
  for (const control of form.querySelectorAll("input, textarea, select")) {
    if (!control.name || control.name === "csrf_token") continue;
    const values = kept.filter(([name]) => name === control.name).map(([, value]) => value);
    if (["checkbox", "radio"].includes(control.type)) control.checked = values.includes(control.value);
    else if (values.length) [control.value] = values;
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
  close(form, box);
}

/* More rows were typed than stand here: the server draws the form with them, and saves nothing. */
function drawAnew(form, kept) {
  const made = Object.assign(document.createElement("form"), { method: "post", action: form.action, hidden: true });
  const [name, value] = (form.dataset.redraw || "=").split("=");
  for (const [each, text] of [["csrf_token", form.elements.csrf_token.value], [name, value], ...kept]) {
    const area = Object.assign(document.createElement("textarea"), { name: each });
    area.value = text;
    made.append(area);
  }
  document.body.append(made);
  made.submit();
}
