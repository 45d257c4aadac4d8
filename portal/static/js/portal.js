/* Enhancements only: without this file every page works. One module a task; each looks for its own data attributes. */
import { countCharacters, countWords } from "./count.js";
import { clearDraftsAtSignOut } from "./drafts.js";
import { countDown } from "./countdown.js";
import { filterTables } from "./filter.js";
import { focusErrorSummary } from "./errors.js";
import { keepTyped } from "./keep.js";
import { watchLastHours } from "./last_hours.js";
import { preventDoubleClicks } from "./buttons.js";
import { warnUnsaved } from "./unsaved.js";

document.documentElement.classList.add("js");
document.body.classList.add("js-enabled");

countCharacters(document);
clearDraftsAtSignOut(document);
countWords(document);
countDown(document);
filterTables(document);
focusErrorSummary(document);
keepTyped(document);
preventDoubleClicks(document);
warnUnsaved(document);
watchLastHours(document);
