/* After a reload, or after signing in again: what was typed here and never saved is offered, to be put back or thrown away.
   Putting back sends it to the server, which draws the form with it and saves nothing: so rows of a table come back too. */
export function offerDraft(form, draft, { blockOf, pairsOf }) {
  const box = document.querySelector("[data-draft-offer]");
  const kept = Object.entries(draft.read()).filter(([question, { pairs }]) => {
    const isLeft = blockOf(question) && JSON.stringify(pairs) !== JSON.stringify(pairsOf(question));
    if (!isLeft) draft.forget(question);
    return isLeft;
  });
  if (!box || !kept.length) return;
  box.hidden = false;
  box.querySelector("[data-restore]").addEventListener("click", () => putBack(form, kept));
  box.querySelector("[data-discard]").addEventListener("click", () => {
    draft.clear();
    box.hidden = true;
    form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
  });
}

function putBack(form, kept) {
  const made = Object.assign(document.createElement("form"), { method: "post", action: form.action, hidden: true });
  const add = (name, value) => {
    const area = Object.assign(document.createElement("textarea"), { name });
    area.value = value;
    made.append(area);
  };
  add("csrf_token", form.elements.csrf_token.value);
  add("version", form.elements.version.value);
  add("resume", "1");
  for (const [question, { base, pairs }] of kept) {
    add(`base-${question}`, base);
    for (const [name, value] of pairs) add(name, value);
  }
  document.body.append(made);
  made.submit();
}
