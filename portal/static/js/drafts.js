/* What was typed and not saved yet, on this computer: by person and page, question by question. Taken away at sign-out. */
const MARK = "draft:";

function store() {
  try {
    return window.localStorage;
  } catch {
    return null; // forbidden by the browser: then nothing is kept here, and everything else works
  }
}

/* The draft of one page: {question: {base, pairs: [[name, value], …]}}. */
export function draftOf(person, page) {
  const key = `${MARK}${person}:${page}`;

  function read() {
    try {
      return JSON.parse(store()?.getItem(key) || "{}");
    } catch {
      return {};
    }
  }

  function write(questions) {
    try {
      if (Object.keys(questions).length) store()?.setItem(key, JSON.stringify(questions));
      else store()?.removeItem(key);
    } catch {
      // full: what is on the page is still there
    }
  }

  return {
    read,
    keep: (question, base, pairs) => write({ ...read(), [question]: { base, pairs } }),
    forget: (question) => {
      const { [question]: _gone, ...rest } = read();
      write(rest);
    },
    clear: () => write({}),
  };
}

/* Whoever signs out leaves nothing behind on this computer. */
export function clearDraftsAtSignOut(page) {
  for (const form of page.querySelectorAll("form[data-sign-out]")) {
    form.addEventListener("submit", () => {
      const kept = store();
      if (!kept) return;
      for (const key of Object.keys(kept)) if (key.startsWith(MARK)) kept.removeItem(key);
    });
  }
}
