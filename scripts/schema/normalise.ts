// A stable form: two versions differ only where they mean different things.
import { stringify } from "yaml";
import { isTree, type Tree } from "./view.ts";

// Deeper than real documents, and far from the limit of the stack.
const MAX_DEPTH = 200;

const FIRST = (
  "openapi info title version servers url security tags paths " +
  "get put post delete options head patch trace " +
  "$ref name in type format required operationId summary description parameters requestBody responses"
).split(" ");
const RANK = new Map(FIRST.map((name, index) => [name, index]));

// Keys that the author chose are sorted: a field called `type` does not come first.
const MAPS_OF_NAMES = new Set([
  "properties",
  "paths",
  "responses",
  "schemas",
  "parameters",
  "headers",
  "examples",
  "content",
]);

export function normalise(document: Tree, base: URL | undefined): Tree {
  const copy = plainData(document) as Tree;
  const isOld = String(copy.openapi).startsWith("3.0");
  return sorted(withFullPaths((isOld ? withNullable(copy) : copy) as Tree, base), "") as Tree;
}

export function toYaml(document: Tree): string {
  return stringify(document, { lineWidth: 0, aliasDuplicateObjects: false });
}

export function plainData(node: unknown, depth = 0): unknown {
  if (depth > MAX_DEPTH) throw new Error(`The document is nested more than ${MAX_DEPTH} levels deep, or in a circle.`);
  if (Array.isArray(node)) return node.map((item) => plainData(item, depth + 1));
  if (node instanceof Date) return node.toISOString();
  if (!isTree(node)) return node;
  return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, plainData(value, depth + 1)]));
}

// Data may look like a schema.
const DATA = /^(?:example|examples|default|enum|const|x-.*)$/;

// 3.0 documents often use the `null` of 3.1.
function withNullable(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withNullable);
  if (!isTree(node)) return node;
  const copy: Record<string, unknown> = Object.fromEntries(
    Object.entries(node).map(([name, value]) => [name, DATA.test(name) ? value : withNullable(value)]),
  );
  for (const name of ["anyOf", "oneOf", "type"]) {
    const choices = copy[name];
    if (!Array.isArray(choices)) continue;
    const others = choices.filter((choice) => choice !== "null" && !(isTree(choice) && choice.type === "null"));
    if (others.length === choices.length || others.length === 0) continue;
    copy.nullable = true;
    copy[name] = name === "type" && others.length === 1 ? others[0] : others;
  }
  return copy;
}

// contract.ts has the servers' path in the paths: `/v1` with `/users` means `/v1/users`.
function withFullPaths(document: Tree, base: URL | undefined): Tree {
  const servers = (Array.isArray(document.servers) ? document.servers : []).filter(isTree);
  const urls = servers.map(({ url }) => parseUrl(url, base));
  const prefixes = new Set(urls.map((url) => url?.pathname.replace(/\/+$/, "") ?? ""));
  const [prefix = ""] = prefixes;
  if (prefixes.size !== 1 || prefix === "" || !isTree(document.paths)) return document;
  return {
    ...document,
    servers: servers.map((server, index) => ({ ...server, url: urls[index]?.origin ?? server.url })),
    paths: Object.fromEntries(
      Object.entries(document.paths).map(([path, item]) => [path.startsWith("/") ? prefix + path : path, item]),
    ),
  };
}

function parseUrl(url: unknown, base: URL | undefined): URL | undefined {
  try {
    return new URL(String(url), base?.protocol === "file:" ? undefined : base);
  } catch {
    return undefined;
  }
}

function sorted(node: unknown, under: string): unknown {
  if (Array.isArray(node)) {
    const items = node.map((item) => sorted(item, ""));
    return under === "required" ? [...new Set(items)].sort() : items;
  }
  if (!isTree(node)) return node;
  const isMapOfNames = MAPS_OF_NAMES.has(under);
  const rank = (name: string) => (isMapOfNames ? FIRST.length : (RANK.get(name) ?? FIRST.length));
  const names = Object.keys(node).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return Object.fromEntries(names.map((name) => [name, sorted(node[name], isMapOfNames ? "" : name)]));
}
