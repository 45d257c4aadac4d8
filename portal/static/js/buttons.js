/* A second press within a second is a slip of the hand, not a second wish. The server refuses it too (409). */
export function preventDoubleClicks(page) {
  let last = 0;
  page.addEventListener("click", (event) => {
    if (!event.target.closest("[data-prevent-double-click]")) return;
    const now = event.timeStamp;
    if (last && now - last < 1000) event.preventDefault();
    else last = now;
  });
}
