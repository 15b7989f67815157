// What no single key of the config shows wrong: two sites that want one host, two routes at one
// path. By the rules of which route answers, a route that can never match is one whose pattern
// another of its site has already: every other pattern keeps paths of its own.
import { parseHost } from "./host-names.ts";
import { parsePattern } from "./pattern.ts";

/** A site as the config has it, before anything is compiled. */
export interface SiteText {
  /** Undefined: any host that no other site names. Null, here and within: not to be read. */
  readonly hosts: readonly (string | null)[] | null | undefined;
  /** The routes' paths, in order; null where one is not to be read. */
  readonly paths: readonly (string | null)[];
  /** The site says `root`, which stands for a last route at `/*`. */
  readonly hasRoot: boolean;
}

/** Something wrong, and where: a path of keys in the config, such as `["site", 0, "hosts", 1]`. */
export interface SiteProblem {
  readonly path: (string | number)[];
  readonly message: string;
}

/** All that is wrong with the hosts and paths of sites; when none, `Router` takes them. */
export function findSiteProblems(sites: readonly SiteText[]): SiteProblem[] {
  return [...hostProblems(sites), ...sites.flatMap((site, index) => pathProblems(site, index))];
}

function hostProblems(sites: readonly SiteText[]): SiteProblem[] {
  const problems: SiteProblem[] = [];
  const owners = new Map<string, number>();
  let anySite: number | null = null;
  for (const [site, { hosts }] of sites.entries()) {
    if (hosts === undefined) {
      if (anySite !== null) problems.push({ path: ["site", site], message: secondAny(anySite) });
      anySite ??= site;
      continue;
    }
    if (hosts === null) continue;
    if (hosts.length === 0) problems.push({ path: ["site", site, "hosts"], message: NO_HOSTS });
    for (const [at, text] of hosts.entries()) {
      const message = hostProblem(text, site, owners);
      if (message !== null) problems.push({ path: ["site", site, "hosts", at], message });
    }
  }
  return problems;
}

const NO_HOSTS = "a list without names answers no host; leave `hosts` out to answer any";

function secondAny(first: number): string {
  return `this site answers any host, and so does site ${first + 1}: name the \`hosts\` of one`;
}

function hostProblem(
  text: string | null,
  site: number,
  owners: Map<string, number>,
): string | null {
  if (text === null) return null;
  const host = parseHost(text);
  if (typeof host === "string") return host;
  const owner = owners.get(host.text);
  owners.set(host.text, owner ?? site);
  if (owner === undefined) return null;
  const where = owner === site ? "this site" : `site ${owner + 1}`;
  return `${JSON.stringify(host.text)} is already a host of ${where}`;
}

function pathProblems({ paths, hasRoot }: SiteText, site: number): SiteProblem[] {
  const problems: SiteProblem[] = [];
  const owners = new Map<string, PathOwner>();
  for (const [at, text] of paths.entries()) {
    const message = pathProblem(text, at, owners, hasRoot);
    if (message !== null) problems.push({ path: ["site", site, "route", at, "path"], message });
  }
  return problems;
}

/** The first route with a path, and how it is written there. */
interface PathOwner {
  readonly at: number;
  readonly path: string;
}

function pathProblem(
  text: string | null,
  at: number,
  owners: Map<string, PathOwner>,
  hasRoot: boolean,
): string | null {
  if (text === null) return null;
  const pattern = parsePattern(text);
  if (typeof pattern === "string") return pattern;
  if (hasRoot && pattern.text === "/*") {
    return 'the site\'s `root` is a route at "/*" already: leave out one of the two';
  }
  const owner = owners.get(pattern.shape);
  owners.set(pattern.shape, owner ?? { at, path: pattern.text });
  if (owner === undefined) return null;
  const route = `route ${owner.at + 1} of the site`;
  const path = JSON.stringify(owner.path);
  if (owner.path === pattern.text) {
    return `this route can never match: ${route} has the path ${path} already`;
  }
  return `this route can never match: ${route} has ${path}, which differs in names alone`;
}
