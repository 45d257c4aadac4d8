/* The error summary takes the focus when a page comes back with problems; a link in it puts the cursor in the control. */
export function focusErrorSummary(page) {
  const summary = page.querySelector("[data-error-summary]");
  if (!summary) return;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const control = link && page.getElementById(link.hash.slice(1));
    if (!control) return;
    event.preventDefault();
    (control.closest("fieldset") || page.querySelector(`label[for="${CSS.escape(control.id)}"]`) || control).scrollIntoView();
    if (!control.matches("input, select, textarea, button, a")) control.tabIndex = -1;
    control.focus({ preventScroll: true });
  });
}
