// What a source file imports and which global names it uses, as TypeScript's own parser sees them:
// comments and strings can't mislead it.
import {
  type Node,
  type SourceFile,
  type StringLiteral,
  SyntaxKind,
} from "typescript/unstable/ast";
import {
  isCallExpression,
  isElementAccessExpression,
  isIdentifier,
  isPropertyAccessExpression,
  isStringLiteral,
} from "typescript/unstable/ast/is";
import { API } from "typescript/unstable/sync";
import path from "node:path";
import { CHECKOUT } from "../checkout.ts";

export interface Import {
  /** The file that imports, relative to the root: `src/http/room.ts`. */
  readonly file: string;
  readonly line: number;
  /** A path relative to the root where the import is relative, else as written: `node:fs`. */
  readonly target: string;
}

/** A name that stands alone, `a.b` where one is asked of the other, or a keyword. */
export interface Use {
  readonly file: string;
  readonly line: number;
  readonly name: string;
}

export interface Sources {
  readonly imports: Import[];
  readonly uses: Use[];
}

/** Reads the files below `src/` of the project that `root`'s tsconfig.json describes. */
export function readSources(root = CHECKOUT): Sources {
  const api = new API({ cwd: root });
  try {
    const config = path.join(root, "tsconfig.json");
    const project = api.updateSnapshot({ openProjects: [config] }).getProject(config);
    if (project === undefined) throw new Error(`no project: ${config}`);
    const sources: Sources = { imports: [], uses: [] };
    for (const name of project.rootFiles) {
      const file = path.relative(root, name);
      if (file.startsWith("src/")) collect(file, project.program.getSourceFile(name)!, sources);
    }
    return sources;
  } finally {
    api.close();
  }
}

function collect(file: string, parsed: SourceFile, { imports, uses }: Sources): void {
  const lineOf = (node: Node) =>
    parsed.getLineAndCharacterOfPosition(node.getStart(parsed)).line + 1;
  for (const specifier of [...parsed.imports, ...required(parsed)]) {
    if (!isStringLiteral(specifier)) continue;
    imports.push({ file, line: lineOf(specifier), target: targetOf(file, specifier.text) });
  }
  collectUses(parsed, (name, node) => uses.push({ file, line: lineOf(node), name }));
}

function targetOf(file: string, specifier: string): string {
  if (!specifier.startsWith(".")) return specifier;
  return path.normalize(path.join(path.dirname(file), specifier));
}

/** What `require` (of `createRequire`) is asked for. */
function required(node: Node): StringLiteral[] {
  const found: StringLiteral[] = [];
  if (
    isCallExpression(node) &&
    isIdentifier(node.expression) &&
    node.expression.text === "require"
  ) {
    const [name] = node.arguments;
    if (name !== undefined && isStringLiteral(name)) found.push(name);
  }
  node.forEachChild((child) => {
    found.push(...required(child));
  });
  return found;
}

type Add = (name: string, node: Node) => void;

function collectUses(node: Node, add: Add): void {
  if (isPropertyAccessExpression(node)) {
    add(node.getText(), node);
    collectUses(node.expression, add); // not the name behind the dot: that is nobody's global
    return;
  }
  if (isElementAccessExpression(node) && isStringLiteral(node.argumentExpression)) {
    add(`${node.expression.getText()}.${node.argumentExpression.text}`, node);
  }
  if (node.kind === SyntaxKind.AsyncKeyword) add("async", node);
  if (node.kind === SyntaxKind.AwaitExpression) add("await", node);
  if (isIdentifier(node)) add(node.text, node);
  node.forEachChild((child) => collectUses(child, add));
}
