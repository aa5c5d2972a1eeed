// What every page carries. Each module enhances HTML that already works without it; words come from data attributes.
import "./css/main.css";
import { startAutosave } from "./js/autosave.js";
import { startClocks } from "./js/clocks.js";
import { startDialogs } from "./js/dialogs.js";
import { startFolds } from "./js/folds.js";
import { startForms } from "./js/forms.js";
import { startHtmx } from "./js/htmx.js";
import { startIdle } from "./js/idle.js";
import { startKeys } from "./js/keys.js";
import { startRubrics } from "./js/rubric.js";
import { startShortcuts } from "./js/shortcuts.js";
import { startLocalCopies } from "./js/local_copy.js";
import { startMenus } from "./js/menu.js";
import { startPrinting } from "./js/printing.js";
import { startPlaces } from "./js/places.js";
import { startProgress } from "./js/progress.js";
import { startTabs } from "./js/tabs.js";
import { startTheme } from "./js/theme.js";
import { startTimes } from "./js/times.js";
import { startToasts } from "./js/toasts.js";
import { startUnsavedGuard } from "./js/unsaved.js";

startHtmx();
startMenus();
startTabs();
startDialogs();
startToasts();
startFolds();
startForms();
startAutosave();
startUnsavedGuard();
startLocalCopies();
startClocks();
startTimes();
startTheme();
startKeys();
startShortcuts();
startProgress();
startIdle();
startPrinting();
startPlaces();
startRubrics();

// What few pages need is loaded when one of them, or a fragment, brings it.
async function enrich(root) {
  const has = (selector) => root.querySelector(selector) || root.matches?.(selector);
  if (has("[data-viewer]:not([data-started])")) (await import("./viewer.js")).startViewers(root);
  if (root.querySelector("[data-case-editor]:not([data-started])")) (await import("./case_editor.js")).startCaseEditor(root);
  if (root.querySelector("[data-request]:not([data-started])")) (await import("./request.js")).startRequest(root);
  if (has("[data-striking]:not([data-started])")) (await import("./striking.js")).startStriking(root);
  if (has("[data-redaction]:not([data-started])")) (await import("./redaction.js")).startRedaction(root);
  if (root.querySelector("[data-chart]:not([data-drawn])")) (await import("./chart.js")).drawCharts(root);
  if (root.querySelector("[data-unit]:not([data-started])")) (await import("./unit.js")).startUnit(root);
  if (root.querySelector("video[data-hls]:not([data-attached])")) (await import("./player.js")).startPlayers(root);
}

enrich(document);
document.addEventListener("htmx:load", (event) => enrich(event.detail.elt));
