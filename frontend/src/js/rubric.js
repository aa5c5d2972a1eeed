// A rubric counts and weighs as it is ticked: a form with data-rubric, its items as fieldsets with data-weight (per cent).
// The words stand in data attributes with {n} for the number; without script the server's figures stand until it is saved.
const items = (form) => [...form.querySelectorAll("fieldset[data-weight]")];

function figures(form) {
  const rows = items(form).map((item) => ({
    weight: Number(item.dataset.weight),
    score: Number(item.querySelector(".x-score :checked")?.value ?? NaN),
  }));
  const missing = rows.filter(({ score }) => Number.isNaN(score)).length;
  const total = rows.reduce((sum, { weight, score }) => sum + weight * score, 0);
  return { scored: rows.length - missing, missing, weighted: missing ? "–" : (total / 100).toFixed(2) };
}

function tell(form) {
  const { scored, missing, weighted } = figures(form);
  const count = form.querySelector("[data-scored]");
  count.textContent = count.dataset.scored.replace("{n}", scored);
  const words = missing === 1 ? form.dataset.missingOne : form.dataset.missingMany;
  form.querySelector("[data-missing]").textContent = missing ? words.replace("{n}", missing) : "";
  form.querySelector("[data-weighted]").textContent = weighted;
}

// Another form of the page (a remark beside a block) loads it anew: what is not kept yet goes first, so that the new page
// shows it and knows its mark.
function keepBeforeLeaving(form) {
  let isKept = true;
  form.addEventListener("input", () => (isKept = false));
  form.addEventListener("x:saved", () => (isKept = true));
  document.addEventListener(
    "submit",
    (event) => {
      if (isKept || event.target === form) return;
      event.preventDefault();
      event.stopPropagation();
      form.addEventListener(
        "x:save-ended",
        () => {
          isKept = true;
          event.target.requestSubmit(event.submitter);
        },
        { once: true },
      );
      form.dispatchEvent(new CustomEvent("x:save-now"));
    },
    { capture: true },
  );
}

export function startRubrics() {
  for (const form of document.querySelectorAll("form[data-rubric]")) {
    form.addEventListener("change", () => tell(form));
    tell(form); // a page that "back" restored has ticks which the server has not seen
    if (form.dataset.autosave) keepBeforeLeaving(form);
  }
}
