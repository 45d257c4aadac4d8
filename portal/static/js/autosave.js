import { draftOf } from "./drafts.js";
import { clearMessages, compare, showProblems } from "./messages.js";
import { offerDraft } from "./offer.js";
import { questionsOf } from "./questionnaire.js";
import { meet } from "./together.js";

/* <form data-autosave="address">: each question is sent a moment after one stops typing in it. What is not sent yet is kept
   on this computer. Words come from data attributes of the form. Each question says what it started from: the version of
   the whole, or a mark of its own where the answer names one (bases). data-here: others write in it too (together.js).
   A hidden field "draft" counts how often the draft was kept, so that a second window is told of the first. */
const WAIT = 1500;
const ALONE = { saved() {} }; // a form that its author fills in without others
const AGAIN = [3000, 10000, 30000, 60000];

const form = document.querySelector("form[data-autosave]");
if (form) start();

function start() {
  const words = form.dataset;
  const draft = draftOf(words.person, words.page);
  const { blockOf, pairsOf, baseOf, setBase } = questionsOf(form);
  const state = form.querySelector("[data-save-state]");
  const dirty = new Set(); // typed in since it was last sent
  const asked = new Set(); // sent, and not saved: a problem, or a conflict
  const lost = new Set(); // sent, and no answer came: perhaps it was saved
  let timer = 0;
  let tries = 0;
  let sending = null;
  let isStopped = false;

  const isBusy = (question) => dirty.has(question) || asked.has(question) || lost.has(question);
  const others = words.here ? meet(form, { isBusy, isSending: () => Boolean(sending) }) : ALONE;

  function say(text, link = "", url = "") {
    state.textContent = text;
    if (url) state.append(" ", Object.assign(document.createElement("a"), { className: "dp-link", href: url, textContent: link }));
  }

  function plan(wait) {
    window.clearTimeout(timer);
    if (!isStopped) timer = window.setTimeout(send, wait);
  }

  function touch(question, wait = WAIT) {
    dirty.add(question);
    draft.keep(question, baseOf(question), pairsOf(question));
    plan(wait);
  }

  function send() {
    if (!sending && !isStopped && dirty.size) sending = deliver([...dirty]).finally(() => { sending = null; });
    return sending;
  }

  async function deliver(questions) {
    window.clearTimeout(timer);
    dirty.clear();
    say(words.saving);
    const body = new URLSearchParams({ version: form.elements.version.value });
    if (form.elements.draft) body.set("draft", form.elements.draft.value);
    for (const question of questions) {
      body.append(`base-${question}`, baseOf(question));
      for (const [name, value] of pairsOf(question)) body.append(name, value);
    }
    const headers = { Accept: "application/json", "X-CSRFToken": form.elements.csrf_token.value };
    try {
      const answer = await fetch(words.autosave, { method: "POST", headers, body, keepalive: document.hidden });
      await settle(questions, answer.status, await answer.json().catch(() => ({})));
    } catch {
      questions.forEach((each) => lost.add(each));
      retry(questions, navigator.onLine ? words.failed : words.offline);
    }
  }

  async function settle(questions, status, said) {
    if (status === 200) settleEach(questions, said);
    else if (status === 401) stop(questions, words.signedOut, words.signIn, words.signInUrl);
    else if (status === 409) stop(questions, said.words, words.readKept, said.kept);
    else if (status === 422) stop(questions, said.words);
    else if (status === 400) await renew(questions);
    else retry(questions, words.failed);
  }

  function settleEach(questions, said) {
    tries = 0;
    if (form.elements.draft) form.elements.draft.value = said.draft;
    for (const question of questions) settleOne(question, said);
    say(asked.size ? `${said.words}. ${words.partly}` : said.words);
    if (!asked.size && !dirty.size) form.dispatchEvent(new Event("portal:saved"));
    if (dirty.size) plan(WAIT);
    others.saved(said.version);
  }

  function settleOne(question, said) {
    const conflict = said.conflicts[question];
    const wasLost = lost.delete(question);
    const base = said.bases?.[question] ?? said.version;
    asked.delete(question);
    if (conflict && conflict.mine && wasLost) {
      setBase(question, base); // the answer that never came was a yes
      dirty.add(question);
    } else if (conflict) {
      asked.add(question);
      compare(form, question, conflict.words);
    } else if (said.problems[question]) {
      asked.add(question);
      showProblems(form, question, said.problems[question]);
    } else {
      setBase(question, base);
      clearMessages(form, question);
      if (dirty.has(question)) draft.keep(question, base, pairsOf(question));
      else draft.forget(question);
    }
  }

  function retry(questions, text) {
    questions.forEach((each) => dirty.add(each));
    say(text);
    plan(AGAIN[Math.min(tries, AGAIN.length - 1)]);
    tries += 1;
  }

  function stop(questions, text, link, url) {
    questions.forEach((each) => dirty.add(each));
    isStopped = true;
    say(text, link, url);
  }

  /* Signed in anew in another window: take that session's token, if it is the same person's. */
  async function renew(questions) {
    const answer = await fetch(window.location.pathname, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("form[data-autosave]");
    if (!fresh || fresh.dataset.person !== words.person) return stop(questions, words.signedOut, words.signIn, words.signInUrl);
    for (const each of document.querySelectorAll("[name=csrf_token]")) each.value = fresh.elements.csrf_token.value;
    return retry(questions, words.failed);
  }

  function typed(event) {
    const question = event.target.name && event.target.closest("[data-question]")?.dataset.question;
    if (question) touch(question);
  }

  /* What is on the way is waited for, and what waits is sent first, so that the page that comes finds nothing left here. */
  async function submitted(event) {
    const button = event.submitter;
    if (isStopped || (!sending && !dirty.size) || form.dataset.isLeaving) return;
    event.preventDefault();
    form.dataset.isLeaving = "yes";
    if (sending) await sending;
    await send();
    window.clearTimeout(timer);
    form.requestSubmit(button?.isConnected ? button : undefined);
  }

  form.addEventListener("input", typed);
  form.addEventListener("submit", submitted);
  window.addEventListener("online", () => { if (dirty.size) plan(0); });
  window.addEventListener("offline", () => say(words.offline));
  document.addEventListener("visibilitychange", () => { if (document.hidden) send(); });

  // What was put back after signing in waits for its author; until then nothing that arrives takes its place.
  form.querySelectorAll("[data-held]").forEach((block) => asked.add(block.dataset.question));
  const unsaved = [...form.querySelectorAll("[data-unsaved]")].map((block) => block.dataset.question);
  unsaved.forEach((question) => touch(question, 0));
  if (!unsaved.length) offerDraft(form, draft, { blockOf, pairsOf });
}
