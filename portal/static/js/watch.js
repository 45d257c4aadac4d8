/* Read the page again every half minute and put its part ([data-watch]) in place, without moving anybody's focus. Asked
   as a script asks, so that a page that was left open keeps no session alive. */
const EVERY = 30000;

const part = document.querySelector("[data-watch]");

async function look() {
  if (!document.hidden && !part.contains(document.activeElement) && !String(getSelection())) {
    try {
      const answer = await fetch(window.location.href, { headers: { Accept: "application/json" } });
      const isPage = answer.ok && (answer.headers.get("Content-Type") || "").startsWith("text/html");
      const page = isPage ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
      const fresh = page && page.querySelector("[data-watch]");
      if (fresh && !part.contains(document.activeElement)) part.replaceChildren(...fresh.childNodes);
    } catch {
      // offline: the next round asks again
    }
  }
  setTimeout(look, EVERY);
}

if (part) {
  const note = document.querySelector("[data-watch-note]");
  if (note) note.hidden = false;
  setTimeout(look, EVERY);
}
