// The commands that pages show. A block marked `console` is run as a reader would type it, and what
// it prints is compared:
//
//   $ bin/portico serve examples/demo/public &
//   portico: listening on http://127.0.0.1:8080
//   $ curl -i http://127.0.0.1:8080/hello.txt
//   HTTP/1.1 200 OK
//   …
//
// `…` stands for any text, on a line of its own for any lines. `&` leaves a server running until
// the page ends; if it had to take another port, the commands behind it are run with that one. A
// block marked `sh` is not run: it may only hold what is listed here, or scripts of package.json.

export interface Step {
  readonly line: number;
  readonly command: string;
  /** Starts a server that goes on running. */
  readonly stays: boolean;
  /** The lines that are shown below the command. */
  readonly shown: readonly string[];
}

export interface Block {
  readonly kind: string;
  /** Of its first line of content, from 1. */
  readonly line: number;
  readonly lines: readonly string[];
}

/** Commands for `sh` blocks: what a test can't run inside the tests. */
const NOT_RUN = [
  /^git clone /u,
  /^cd [\w-]+$/u,
  /^npm (?:ci|install|start|test)\b/u,
  /^npx portico /u,
];

/** The fenced blocks of a page. */
export function blocksIn(page: string): Block[] {
  const blocks: Block[] = [];
  let open: { kind: string; line: number; lines: string[] } | null = null;
  for (const [index, text] of page.split("\n").entries()) {
    if (!text.startsWith("```")) open?.lines.push(text);
    else if (open === null) open = { kind: text.slice(3), line: index + 2, lines: [] };
    else {
      blocks.push(open);
      open = null;
    }
  }
  return blocks;
}

/** The commands of a `console` block with what each prints. */
export function stepsIn({ line, lines }: Block): Step[] {
  const steps: { line: number; command: string; stays: boolean; shown: string[] }[] = [];
  for (const [index, text] of lines.entries()) {
    if (text.startsWith("$ ")) {
      const stays = text.endsWith(" &");
      const command = text.slice(2, stays ? -2 : undefined);
      steps.push({ line: line + index, command, stays, shown: [] });
    } else steps.at(-1)?.shown.push(text);
  }
  return steps;
}

/** What is wrong with a block that is not run. */
export function shComplaints(block: Block, scripts: readonly string[]): string[] {
  return block.lines.flatMap((text, index) => {
    const command = text.replace(/\s*#.*$/u, "").trim();
    if (command === "" || NOT_RUN.some((known) => known.test(command))) return [];
    const script = /^npm run ([\w:-]+)/u.exec(command)?.[1];
    if (script !== undefined && scripts.includes(script)) return [];
    return [
      `line ${block.line + index}: \`${command}\`: show it in a console block, where it is run`,
    ];
  });
}

/** Whether `output` is what a page shows. */
export function isAsShown(output: string, shown: readonly string[]): boolean {
  const pattern = shown.map((line) => {
    if (line.trim() === "…") return "(?:.*\\n)*";
    return `${line
      .split("…")
      .map((piece) => RegExp.escape(piece))
      .join(".*")}\\n`;
  });
  return new RegExp(`^${pattern.join("")}$`, "u").test(output.replaceAll("\r\n", "\n"));
}
