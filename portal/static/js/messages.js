/* What the server says about single questions, put at the question as the page itself would. */
function blockOf(form, question) {
  return form.querySelector(`[data-question="${CSS.escape(question)}"]`);
}

function sentence(text, id) {
  const made = document.createElement("p");
  made.className = "govuk-error-message";
  made.id = id;
  made.textContent = text;
  return made;
}

function describe(control, id) {
  const known = (control.getAttribute("aria-describedby") || "").split(" ").filter(Boolean);
  control.setAttribute("aria-describedby", [...new Set([...known, id])].join(" "));
  if (control.matches("input, select, textarea")) control.setAttribute("aria-invalid", "true");
}

function place(control, message) {
  if (control.matches("fieldset")) (control.querySelector("legend") || control).after(message);
  else (control.closest(".govuk-input__wrapper, .govuk-radios, .govuk-checkboxes") || control).before(message);
}

/* Each problem is [id of the control that mends it, words]. */
export function showProblems(form, question, problems) {
  clearMessages(form, question);
  const block = blockOf(form, question);
  for (const [anchor, text] of problems) {
    const control = document.getElementById(anchor) || block.querySelector("input:not([type=hidden]), select, textarea");
    const message = sentence(text, `${anchor}-error`);
    place(control, message);
    describe(control, message.id);
    control.closest(".dp-field")?.classList.add("dp-field--error");
  }
}

/* Somebody else changed the same answer: the form itself, sent by its button, shows both. */
export function compare(form, question, words) {
  clearMessages(form, question);
  const block = blockOf(form, question);
  const notice = form.querySelector("template[data-conflict]").content.firstElementChild.cloneNode(true);
  notice.querySelector("[data-words]").textContent = words;
  block.prepend(notice);
}

export function clearMessages(form, question) {
  const block = blockOf(form, question);
  block.querySelectorAll(".govuk-error-message, [data-conflict-notice]").forEach((each) => each.remove());
  block.querySelectorAll(".dp-field--error").forEach((each) => each.classList.remove("dp-field--error"));
  block.querySelectorAll("[aria-invalid]").forEach((each) => each.removeAttribute("aria-invalid"));
}
