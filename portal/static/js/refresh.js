/* While something on the page is being made ([data-waiting]), fetch the page anew and put its part in place. */
const EVERY = 2000;
const MOST = 150; // five minutes, then a reload by hand

const part = document.querySelector("[data-refresh]");
let rounds = 0;

async function look() {
  rounds += 1;
  try {
    const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-refresh]");
    const isReady = fresh && fresh.querySelectorAll("[data-waiting]").length < waiting();
    if (fresh && !isReady) progress(fresh);
    if (isReady && !part.contains(document.activeElement)) {
      part.replaceChildren(...fresh.childNodes);
      const status = document.querySelector("[data-refresh-status]");
      if (status) status.textContent = status.dataset.ready;
    }
  } catch {
    // offline: the next round asks again
  }
  plan();
}

/* What is still being made shows how far it is. */
function progress(fresh) {
  const now = fresh.querySelectorAll("[data-waiting]");
  part.querySelectorAll("[data-waiting]").forEach((each, place) => {
    if (now[place] && now[place].innerHTML !== each.innerHTML) each.replaceChildren(...now[place].childNodes);
  });
}

function waiting() {
  return part.querySelectorAll("[data-waiting]").length;
}

function plan() {
  if (part && waiting() > 0 && rounds < MOST) setTimeout(look, EVERY);
}

plan();
