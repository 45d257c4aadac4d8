import { fill } from "./words.js";

/* <form data-upload>: each chosen file goes on its own, one after the other, with its progress. One that failed on the way
   can be tried again; one that is refused says why, and cannot. The page's own words stand in data attributes; without
   this file the form sends all files at once. */
for (const form of document.querySelectorAll("form[data-upload]")) uploads(form);

function uploads(form) {
  const box = form.querySelector("input[type=file]");
  const list = form.querySelector("[data-upload-list]");
  const status = form.querySelector("[data-upload-status]");
  const words = form.dataset;
  let rows = [];
  let isRunning = false;

  function show(row, text, tone = "") {
    row.words.textContent = text;
    row.item.className = `dp-upload__file${tone && ` dp-upload__file--${tone}`}`;
  }

  function add(file) {
    const row = { file, state: "waits", item: document.createElement("li"), words: document.createElement("span") };
    const name = document.createElement("b");
    name.textContent = file.name;
    row.bar = Object.assign(document.createElement("progress"), { max: 100, value: 0 });
    row.bar.setAttribute("aria-label", file.name);
    row.again = button(words.again, file, () => { row.state = "waits"; row.item.focus(); run(); });
    row.leave = button(words.leave, file, () => { row.item.remove(); rows = rows.filter((each) => each !== row); settle(); });
    row.item.tabIndex = -1; // where the keyboard stays while the pressed button is away
    row.item.append(name, row.bar, row.words, row.again, row.leave);
    show(row, words.waits);
    list.append(row.item);
    rows.push(row);
  }

  function button(text, file, press) {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "dp-link dp-upload__button", hidden: true });
    const about = Object.assign(document.createElement("span"), { className: "govuk-visually-hidden", textContent: ` ${file.name}` });
    made.append(text, about);
    made.addEventListener("click", press);
    return made;
  }

  function fail(row, text) {
    stop(row, "failed", text);
    row.again.hidden = false;
    if (document.activeElement === row.item) row.again.focus();
  }

  function refuse(row, text) {
    stop(row, "refused", text);
    if (document.activeElement === row.item) row.leave.focus();
  }

  function stop(row, state, text) {
    row.state = state;
    row.bar.hidden = true;
    row.leave.hidden = false;
    show(row, text, "failed");
  }

  function send(row) {
    row.again.hidden = row.leave.hidden = true;
    if (!row.file.size) return refuse(row, words.empty);
    if (row.file.size > Number(words.largest)) return refuse(row, words.tooLarge);
    row.bar.hidden = false;
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      const body = new FormData();
      body.append("csrf_token", form.elements.csrf_token.value);
      body.append(box.name, row.file);
      request.upload.addEventListener("progress", (event) => {
        row.bar.value = event.lengthComputable ? (100 * event.loaded) / event.total : 0;
        show(row, fill(words.sending, Math.floor(row.bar.value)));
      });
      request.addEventListener("load", () => done(judge(row, request)));
      request.addEventListener("error", () => { fail(row, words.lost); done(); });
      request.open("POST", form.action);
      request.setRequestHeader("Accept", "application/json");
      request.send(body);
    });
  }

  function judge(row, request) {
    const isOurs = (request.getResponseHeader("Content-Type") || "").startsWith("application/json");
    if (isOurs && request.status === 201) {
      row.state = "done";
      row.bar.value = 100;
      return show(row, words.attached, "done");
    }
    if (isOurs && request.status === 422) return refuse(row, JSON.parse(request.responseText).problems.join(" "));
    if (isOurs && request.status === 400 && !row.isRenewed) return renew(row);
    if (isOurs && (request.status === 400 || request.status === 401)) return fail(row, words.signedOut);
    if (request.status === 413) return refuse(row, words.tooLarge);
    if (request.status >= 500 || request.status === 429) return fail(row, words.failed);
    return refuse(row, words.unfit);
  }

  /* Signed in anew in another tab: take that session's token, if it is the same person's, and send the file once more. */
  async function renew(row) {
    row.isRenewed = true;
    const answer = await fetch(window.location.pathname, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer) return fail(row, words.lost);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("form[data-upload]");
    if (!fresh || fresh.dataset.person !== words.person) return fail(row, words.signedOut);
    form.elements.csrf_token.value = fresh.elements.csrf_token.value;
    return send(row);
  }

  async function run() {
    if (isRunning) return;
    isRunning = true;
    status.textContent = "";
    for (let next; (next = rows.find((row) => row.state === "waits")); ) {
      next.isRenewed = false;
      await send(next);
    }
    isRunning = false;
    settle();
  }

  function settle() {
    if (isRunning) return;
    const left = rows.filter((row) => row.state !== "done");
    const others = left.length < rows.length ? words.some : words.none;
    status.textContent = left.length ? fill(others, left.length) : words.all;
    if (left.length) status.append(aloud(left));
    else if (rows.length) window.location.assign(words.done);
  }

  /* What stands beside each file, for whoever hears the page. */
  function aloud(left) {
    const said = left.map((row) => `${row.file.name}: ${row.words.textContent}`).join(" ");
    return Object.assign(document.createElement("span"), { className: "govuk-visually-hidden", textContent: ` ${said}` });
  }

  form.addEventListener("submit", (event) => {
    if (!box.files.length && !rows.length) return;
    event.preventDefault();
    list.hidden = false;
    for (const file of box.files) add(file);
    box.value = "";
    run();
  });
}
