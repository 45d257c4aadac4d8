/* <form data-warn-unsaved>: the browser asks before a page with typed but unsaved text is left. A script that saves
   dispatches "portal:saved" on the form. */
export function warnUnsaved(page) {
  for (const form of page.querySelectorAll("form[data-warn-unsaved]")) {
    let isChanged = false;
    form.addEventListener("input", () => { isChanged = true; });
    form.addEventListener("portal:saved", () => { isChanged = false; });
    form.addEventListener("submit", () => { isChanged = false; });
    window.addEventListener("beforeunload", (event) => { if (isChanged) event.preventDefault(); });
  }
}
