/* Marks in an outline which of the page's parts is being read. Without this script the outline is only links. */

const links = new Map();

function mark(anchor) {
  for (const [name, held] of links) {
    for (const link of held) {
      if (name === anchor) link.setAttribute("aria-current", "location");
      else link.removeAttribute("aria-current");
    }
  }
}

export function startPlaces() {
  for (const part of document.querySelectorAll("[data-places] section[id]")) {
    const held = document.querySelectorAll(`a[href="#${CSS.escape(part.id)}"]`);
    if (held.length) links.set(part.id, [...held]);
  }
  if (!links.size) return;
  const seen = new IntersectionObserver(
    (entries) => {
      const entry = entries.find((each) => each.isIntersecting);
      if (entry) mark(entry.target.id);
    },
    { rootMargin: "-10% 0px -70% 0px" },
  );
  for (const name of links.keys()) seen.observe(document.getElementById(name));
}
