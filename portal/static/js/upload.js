import { fill } from "./words.js";

/* <form data-upload>: each chosen file goes on its own, one after the other, with its progress; one that failed is tried
   again by itself. The page's own words stand in data attributes; without this file the form sends all files at once. */
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
    row.again = button(words.again, file, () => { row.state = "waits"; run(); });
    row.leave = button(words.leave, file, () => { row.item.remove(); rows = rows.filter((each) => each !== row); settle(); });
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
    row.state = "failed";
    row.bar.hidden = true;
    row.again.hidden = row.leave.hidden = false;
    show(row, text, "failed");
  }

  function send(row) {
    row.again.hidden = row.leave.hidden = true;
    if (!row.file.size) return fail(row, words.empty);
    if (row.file.size > Number(words.largest)) return fail(row, words.tooLarge);
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
      request.addEventListener("load", () => { judge(row, request); done(); });
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
    if (isOurs && request.status === 422) return fail(row, JSON.parse(request.responseText).problems.join(" "));
    if (request.status === 413) return fail(row, words.tooLarge);
    return fail(row, request.status < 400 || request.status === 400 ? words.signedOut : words.refused);
  }

  async function run() {
    if (isRunning) return;
    isRunning = true;
    for (let next; (next = rows.find((row) => row.state === "waits")); ) await send(next);
    isRunning = false;
    settle();
  }

  function settle() {
    const failed = rows.filter((row) => row.state === "failed");
    if (isRunning || rows.some((row) => row.state === "waits")) return;
    status.textContent = failed.length ? fill(words.some, failed.length) : words.all;
    if (!failed.length && rows.length) window.location.assign(words.done);
    if (failed.length) failed[0].again.focus();
  }

  form.addEventListener("submit", (event) => {
    if (!box.files.length && !rows.length) return;
    event.preventDefault();
    list.hidden = false;
    status.textContent = "";
    for (const file of box.files) add(file);
    box.value = "";
    run();
  });
}
