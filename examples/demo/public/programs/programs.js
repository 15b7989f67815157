// Asks each script who it is, says what came of it, and has its picture painted anew.

const MISSING = "interpreterMissing"; // the failure of a script that nobody here can read

for (const article of document.querySelectorAll("[data-program]")) {
  const program = article.dataset.program;
  const picture = article.querySelector("img");
  const slider = article.querySelector("input");
  const state = article.querySelector(".state");

  slider.addEventListener("change", () => {
    picture.src = `${program}/picture?${slider.name}=${slider.value}`;
  });
  const { words, isThere } = await stateOf(program);
  state.replaceChildren(...words);
  state.classList.toggle("missing", !isThere);
  slider.disabled = !isThere;
}

/** In words, whether a script is run here. */
async function stateOf(program) {
  const language = program.slice(program.lastIndexOf(".") + 1);
  try {
    const headers = { Accept: "application/json" };
    const answer = await fetch(`${program}/about`, { headers, cache: "no-store" });
    if (answer.ok) {
      const about = await answer.json();
      return { words: [`${about.language} ${about.version} is here.`], isThere: true };
    }
    const { code } = await answer.json(); // problem details, as it asks for JSON
    if (code === MISSING) {
      const link = document.createElement("a");
      link.href = "#missing";
      link.textContent = "how to get it";
      return { words: [`Nobody here reads .${language}: `, link, "."], isThere: false };
    }
    return { words: [`The server says ${answer.status} ${answer.statusText}.`], isThere: false };
  } catch {
    return { words: ["No answer: is the server still running?"], isThere: false };
  }
}
