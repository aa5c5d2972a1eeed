// Gathers the Lucide icons (ISC licence) named in icons.txt, and our own status glyphs, into one static sprite.
// Run `npm run icons` after adding a name; the sprite is committed, so that pages need no build to show icons.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

const here = import.meta.dirname;
const names = [...new Set(readFileSync(resolve(here, "../icons.txt"), "utf8").split(/\s+/).filter(Boolean))].sort();
const missing = [];
const symbols = names.flatMap((name) => {
  const source = resolve(here, "../node_modules/lucide-static/icons", `${name}.svg`);
  if (!existsSync(source)) {
    missing.push(name);
    return [];
  }
  const inner = readFileSync(source, "utf8")
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/^[\s\S]*?<svg[^>]*>/, "")
    .replace(/<\/svg>\s*$/, "")
    .replace(/\s+/g, " ")
    .trim();
  return [`<symbol id="${name}" viewBox="0 0 24 24">${inner}</symbol>`];
});
if (missing.length) {
  console.error(`not in Lucide: ${missing.join(", ")}`);
  process.exit(1);
}
const glyphs = readFileSync(resolve(here, "../src/glyphs.svg"), "utf8").match(/<symbol[\s\S]*?<\/symbol>/g);
const target = resolve(here, "../../core/static/ui/icons.svg");
mkdirSync(dirname(target), { recursive: true });
const head = '<svg xmlns="http://www.w3.org/2000/svg">';
writeFileSync(target, `${head}\n${[...symbols, ...glyphs].join("\n")}\n</svg>\n`);
console.log(`${symbols.length} icons, ${glyphs.length} glyphs`);
