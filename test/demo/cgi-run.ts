// The demo's scripts, run as a CGI server runs them: by hand, so that they show what they do
// without one. What is no variable of the request is not in their environment.
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { DEMO } from "./served-demo.ts";

export interface Script {
  readonly language: string;
  readonly file: string;
  /** Where its interpreter is; null: nowhere here. */
  readonly interpreter: string | null;
  /** What shapes its picture: its name, and values that it takes. */
  readonly shape: { readonly name: string; readonly taken: readonly string[] };
}

export interface Printed {
  readonly status: number;
  readonly fields: ReadonlyMap<string, string>;
  readonly content: Buffer;
  readonly complaints: string;
}

export const SCRIPTS: readonly Script[] = [
  script("PHP", "porch.php", "php-cgi", { name: "rings", taken: ["2", "7"] }),
  script("Python", "porch.py", "python3", { name: "hour", taken: ["5", "13.5", "21"] }),
  script("Perl", "porch.pl", "perl", { name: "petals", taken: ["5", "24"] }),
];

/** Runs `script` for one request; `body` has its length told, unless `variables` say another. */
export function runScript(
  { file, interpreter }: Script,
  variables: Readonly<Record<string, string>>,
  body: Uint8Array = new Uint8Array(),
): Printed {
  const full = join(DEMO, "cgi-bin", file);
  const env = {
    GATEWAY_INTERFACE: "CGI/1.1",
    REDIRECT_STATUS: "200", // php-cgi runs nothing without it
    REQUEST_METHOD: "GET",
    SCRIPT_FILENAME: full,
    SCRIPT_NAME: `/cgi-bin/${file}`,
    SERVER_PROTOCOL: "HTTP/1.1",
    CONTENT_LENGTH: String(body.length),
    ...variables,
  };
  const { stdout, stderr } = spawnSync(interpreter!, [full], { env, input: body });
  return { ...taken(stdout), complaints: stderr.toString() };
}

function taken(output: Buffer): Omit<Printed, "complaints"> {
  const [head] = /^[^]*?\n\r?\n/u.exec(output.toString("latin1")) ?? [""];
  const lines = head.trimEnd().split(/\r?\n/u);
  const fields = new Map(
    lines.map((line): [string, string] => {
      const [name = "", value = ""] = line.split(/:\s*/u, 2);
      return [name.toLowerCase(), value];
    }),
  );
  const status = Number.parseInt(fields.get("status") ?? "200", 10);
  return { status, fields, content: output.subarray(head.length) };
}

function script(language: string, file: string, program: string, shape: Script["shape"]): Script {
  return { language, file, interpreter: onPath(program), shape };
}

// The distribution's own first: what version managers put on PATH wants variables of its own.
function onPath(program: string): string | null {
  for (const folder of ["/usr/bin", ...(process.env["PATH"] ?? "").split(delimiter)]) {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return join(folder, program);
    } catch {
      // it may be in the next one
    }
  }
  return null;
}
