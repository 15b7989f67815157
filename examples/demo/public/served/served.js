// Sends each exchange's request and writes down the answer: status line, fields, a bit of content.

import { EXCHANGES } from "./exchanges.js";

const CONTENT_SHOWN = 320; // characters

const panels = EXCHANGES.map((exchange) => panel(exchange));
document.querySelector("#exchanges").replaceChildren(...panels.map(({ article }) => article));
for (const { send } of panels) await send();

function panel(exchange) {
  const request = element("pre", "request", requestLines(exchange, exchange.fields ?? {}));
  const answer = element("pre", "answer");
  const took = element("span", "", "not sent yet");
  const again = element("button", "", "Send again");
  again.type = "button";
  again.setAttribute("aria-label", `Send again: ${exchange.title}`);
  took.setAttribute("role", "status");

  async function send() {
    try {
      const fields = { ...exchange.fields, ...(await exchange.prepare?.()) };
      request.replaceChildren(...requestLines(exchange, fields));
      const started = performance.now();
      const response = await ask(exchange, fields);
      const milliseconds = performance.now() - started;
      answer.replaceChildren(...(await answerLines(exchange, response)));
      took.textContent = `answered in ${milliseconds.toFixed(1)} ms`;
    } catch {
      took.textContent = "no answer: is the server still running?";
    }
  }

  again.addEventListener("click", send);
  const wire = element("div", "wire", [
    request,
    answer,
    element("div", "again", [took, again]),
  ]);
  const article = element("article", "", [
    element("h2", "", exchange.title),
    element("p", "", exchange.why),
    wire,
  ]);
  return { article, send };
}

function ask({ path, method = "GET" }, fields) {
  // Without the browser's own cache, so that a 304 is seen here and not turned into a 200.
  return fetch(path, { method, headers: fields, cache: "no-store" });
}

function requestLines({ path, method = "GET" }, fields) {
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
  const options = lines.map((line) => ` -H ${quoted(line)}`);
  const verb = method === "GET" ? "" : ` -X ${method}`;
  const packed = path.endsWith(".css") ? " --compressed" : "";
  return [`$ curl -i${verb}${packed}${options.join("")} ${location.origin}${path}`];
}

/** A word for a shell. */
function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

async function answerLines({ shown, content, method }, response) {
  const status = `HTTP/1.1 ${response.status} ${response.statusText}`;
  const lines = [element("span", "status", status)];
  for (const name of shown) {
    const value = response.headers.get(name);
    if (value !== null) lines.push("\n", element("span", "name", `${name}: `), value);
  }
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (content === undefined || method === "HEAD" || bytes.length === 0) return lines;
  return [...lines, element("span", "content", shortened(readable(content, bytes)))];
}

function readable(content, bytes) {
  if (content === "hex") {
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  }
  const text = new TextDecoder().decode(bytes);
  return content === "json" ? JSON.stringify(JSON.parse(text), null, 2) : text.trim();
}

function shortened(text) {
  return text.length <= CONTENT_SHOWN ? text : `${text.slice(0, CONTENT_SHOWN).trimEnd()} …`;
}

function element(name, className, content = []) {
  const made = document.createElement(name);
  if (className !== "") made.className = className;
  made.append(...[content].flat());
  return made;
}
