// A single-page app: one page for every address below /atlas/. The server sends index.html for all
// that is no file (`try` in portico.toml), and what stands behind /atlas/ chooses the arch.

const BASE = "/atlas/";

const answer = await fetch(`${BASE}arches.json`);
const arches = await answer.json();
const list = document.querySelector("#arches");
const main = document.querySelector("#main");

document.addEventListener("click", (event) => {
  const link = event.target.closest(`a[href^="${BASE}"]`);
  const elsewhere = event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey;
  if (link === null || elsewhere) return;
  event.preventDefault();
  history.pushState(null, "", link.href);
  show();
  main.focus({ preventScroll: true });
});
addEventListener("popstate", show);
show();

function show() {
  const slug = location.pathname.slice(BASE.length);
  const chosen = arches.find((arch) => arch.slug === slug);
  list.replaceChildren(...arches.map((arch) => entry(arch, arch === chosen)));
  main.replaceChildren(...(chosen === undefined ? cover(slug) : plate(chosen)));
  document.title = `${chosen?.name ?? "Atlas of arches"} · Portico`;
}

function entry(arch, isChosen) {
  const link = element("a", { href: BASE + arch.slug, textContent: arch.name });
  if (isChosen) link.setAttribute("aria-current", "page");
  return element("li", {}, link);
}

function cover(slug) {
  const first = element("p", {
    className: "lead",
    textContent:
      slug === ""
        ? "Choose an arch. Each has an address of its own: reload it, share it, go back and forth."
        : `The atlas has no arch called “${decoded(slug)}”. These are the ones that it has.`,
  });
  const plate = element("div", { className: "plate" }, drawing(arches[4]), first);
  return [heading("Atlas of arches"), plate];
}

function plate(arch) {
  const words = element(
    "div",
    {},
    element("p", { className: "lead", textContent: arch.when }),
    element("p", { textContent: arch.text }),
  );
  return [heading(arch.name), element("div", { className: "plate" }, drawing(arch), words)];
}

function heading(text) {
  return element("h1", { textContent: text });
}

function drawing(arch) {
  const alt = `Drawing: ${arch.name} arch`;
  const src = `/pictures/arches/${arch.slug}.svg`;
  return element("img", { src, alt, width: 240, height: 300 });
}

/** What the address says, or as it stands where it is no proper UTF-8. */
function decoded(slug) {
  try {
    return decodeURIComponent(slug);
  } catch {
    return slug;
  }
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
