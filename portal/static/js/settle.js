import { draftOf } from "./drafts.js";

/* <form data-settles="questions">: both texts travel with the choice, so this computer need not keep mine any longer. */
for (const form of document.querySelectorAll("form[data-settles]")) {
  const draft = draftOf(form.dataset.person, form.dataset.page);
  form.addEventListener("submit", () => form.dataset.settles.split(" ").forEach(draft.forget));
}
