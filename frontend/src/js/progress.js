// Long work: an element with data-poll="URL" asks every few seconds and replaces itself by what comes back.
// The answer keeps data-poll while work goes on and leaves it out at the end. A hidden page does not ask.
const PAUSE = 2500;

async function ask(element) {
  if (document.hidden) return element;
  const response = await fetch(element.dataset.poll, { headers: { "X-Fragment": "1" } });
  if (!response.ok) return element;
  const holder = document.createElement("template");
  holder.innerHTML = await response.text();
  const next = holder.content.firstElementChild;
  if (!next) return element;
  element.replaceWith(next);
  return next;
}

async function follow(element) {
  let current = element;
  while (current.isConnected && current.dataset.poll) {
    await new Promise((done) => setTimeout(done, PAUSE));
    try {
      current = await ask(current);
    } catch {
      // Offline: ask again later, the work goes on without this page.
    }
  }
  if (current.dataset.reload !== undefined) window.location.reload();
}

export function startProgress() {
  document.querySelectorAll("[data-poll]").forEach(follow);
}
