import { countCharacters } from "./count.js";
import { questionsOf } from "./questionnaire.js";

/* Who else is here, and what they saved: asked every so often. Where somebody saved, the page is fetched anew, and each
   question that nobody is busy with here takes their answer; so do the parts that say how far the application is. */
const EVERY = 17000;
const SETTLES = 4000;

export function meet(form, { isBusy, isSending }) {
  const { blockOf, pairsIn, setBase } = questionsOf(form);
  const who = document.querySelector("[data-presence]");
  let known = Number(form.elements.version.value);
  let timer = 0;

  async function ask() {
    if (document.hidden) return;
    const answer = await fetch(form.dataset.here, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok) return;
    const said = await answer.json();
    who.querySelector("[data-words]").textContent = said.words;
    who.hidden = !said.words;
    if (said.version > known) await refresh();
  }

  async function refresh() {
    const answer = await fetch(window.location.pathname, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("form[data-autosave]");
    for (const part of document.querySelectorAll("[data-live]")) {
      const now = page.querySelector(`[data-live="${part.dataset.live}"]`);
      if (now && !part.contains(document.activeElement)) part.replaceChildren(...now.childNodes);
    }
    if (fresh && fresh.dataset.person === form.dataset.person) takeOver(fresh);
  }

  /* A question that somebody is busy with keeps what stands there, and what it started from: the server will ask. */
  function takeOver(fresh) {
    if (isSending()) return;
    const version = fresh.elements.version.value;
    let isAll = true;
    for (const theirs of fresh.querySelectorAll("[data-question]")) {
      const question = theirs.dataset.question;
      const block = blockOf(question);
      const isSame = block && JSON.stringify(pairsIn(block)) === JSON.stringify(pairsIn(theirs));
      if (block && !isBusy(question) && (isSame || !block.contains(document.activeElement))) {
        if (!isSame) block.replaceChildren(...theirs.childNodes);
        setBase(question, version);
      } else {
        isAll = isAll && isSame;
      }
    }
    if (isAll) known = Number(version);
    countCharacters(document);
    form.dispatchEvent(new Event("portal:refreshed"));
  }

  window.setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", ask);
  ask();

  return {
    /* We saved ourselves: how far the application is has changed, and perhaps others saved too. */
    saved(version) {
      if (version === known) return;
      window.clearTimeout(timer);
      timer = window.setTimeout(refresh, SETTLES);
      if (version === known + 1) known = version;
    },
  };
}
