// The guest book's page. Whatever guests wrote is escaped here.
import { NAME_LENGTH_MAX, TEXT_LENGTH_MAX, type Entry } from "./entries.ts";

export interface Shown {
  /** Under which the visitor signed; null: not yet. */
  readonly name: string | null;
  /** What to say above the form, once. */
  readonly thanks: string | null;
  readonly yours: readonly Entry[];
  readonly latest: readonly Entry[];
}

export function guestPage({ name, thanks, yours, latest }: Shown): string {
  const said = thanks === null ? "" : `<p class="lead" role="status">${escaped(thanks)}</p>`;
  const value = name === null ? "" : ` value="${escaped(name)}"`;
  const main = `
      <div class="title">
        <h1>You were here</h1>
        <p class="lead">
          Write into the guest book. An entry is in its database before the next page says so.
        </p>
        ${said}
      </div>

      <section class="split">
        <form class="sheet" method="post" action="/guests/">
          <label for="name">Name</label>
          <input id="name" name="name" required maxlength="${NAME_LENGTH_MAX}"
            autocomplete="name"${value}>
          <label for="text">What you would like to leave</label>
          <textarea id="text" name="text" required maxlength="${TEXT_LENGTH_MAX}"
            rows="6"></textarea>
          <button>Sign</button>
        </form>
        <div>
          <h2>Your entries</h2>
          <p>
            Who you are, your browser tells by a cookie that names a session, and nothing else. A
            <a href="/cgi-bin/porch.php/greeting">page in PHP</a> knows you by the same.
          </p>
          ${yours.length === 0 ? "<p>None yet. They will be shown here, to you.</p>" : list(yours)}
        </div>
      </section>

      <section>
        <h2>Everybody's</h2>
        ${latest.length === 0 ? "<p>The first page is still empty.</p>" : list(latest)}
      </section>`;
  return layout(main);
}

function list(entries: readonly Entry[]): string {
  const items = entries.map(
    ({ name, text, at }) =>
      `<dt>${escaped(name)} <small>${escaped(at)}</small></dt><dd>${escaped(text)}</dd>`,
  );
  return `<dl class="told">${items.join("")}</dl>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);
}

function layout(main: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Guests · Portico</title>
    <meta name="description" content="A guest book whose entries are kept.">
    <meta name="theme-color" content="#f4eee2" media="(prefers-color-scheme: light)">
    <meta name="theme-color" content="#141821" media="(prefers-color-scheme: dark)">
    <link rel="icon" href="/favicon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/style.css">
  </head>
  <body>
    <a class="skip" href="#main">Skip to the content</a>
    <header class="frame top">
      <a class="mark" href="/">Portico</a>
      <nav aria-label="Pages">
        <ul>
          <li><a href="/gallery/">Gallery</a></li>
          <li><a href="/film/">Film</a></li>
          <li><a href="/files/">Files</a></li>
          <li><a href="/atlas/">Atlas</a></li>
          <li><a href="/upload/">Upload</a></li>
          <li><a href="/guests/" aria-current="page">Guests</a></li>
          <li><a href="/programs/">Programs</a></li>
          <li><a href="/served/">How it is served</a></li>
        </ul>
      </nav>
    </header>
    <main id="main" class="frame">${main}
    </main>
    <footer class="frame">
      <div class="foot">
        <p>
          Pictures, film, music and words were made for this demo, by programs in
          <code>examples/demo/make</code>. Nothing here comes from another server.
        </p>
      </div>
    </footer>
  </body>
</html>
`;
}
