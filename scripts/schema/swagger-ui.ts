// Settings of a page in inline or own scripts, found by name, with Swagger UI's precedence.

import ts from "typescript";
import type { Reader, Text } from "./read-source.ts";
import { isTree } from "./view.ts";

export type Found = { readonly how: string } & ({ readonly url: URL } | { readonly document: unknown });

interface Settings {
  spec?: unknown;
  url?: string;
  urls?: readonly { readonly url: string; readonly name?: unknown }[];
  primaryName?: string;
  configUrl?: string;
}

// Swagger UI's own files, without settings.
const LIBRARY = /(?:^|\/)(?:swagger-ui[\w.-]*|.*-preset|.*\bjquery\b.*|.*\.min)\.js$/i;
const MAX_SCRIPTS = 30;
const MAX_TAG = 2_000;

export function looksLikePage(text: string): boolean {
  return text.trimStart().startsWith("<");
}

export async function findDocument(page: Text, reader: Reader): Promise<Found> {
  const base = baseOf(page);
  let settings: Settings = {};
  let notRead = "";
  for (const script of scriptsIn(page.text).slice(0, MAX_SCRIPTS)) {
    if ("text" in script) settings = { ...settings, ...settingsIn(script.text) };
    else if (!LIBRARY.test(script.src.replace(/[?#].*$/, ""))) {
      try {
        const { text } = await reader.read(new URL(script.src, base));
        settings = { ...settings, ...settingsIn(text) };
      } catch (error) {
        // Scripts of other hosts (analytics) may not matter.
        notRead += ` ${(error as Error).message}`;
      }
    }
  }
  if (settings.configUrl !== undefined) {
    const url = new URL(settings.configUrl, base);
    const { text } = await reader.read(url);
    settings = { ...settings, ...readSettings(Object.entries(parseConfig(text))) };
  }
  return choose(settings, base, notRead);
}

// As in Swagger UI.
function choose(settings: Settings, base: URL, notRead: string): Found {
  const { spec, urls, primaryName, url } = settings;
  if (isTree(spec) && Object.keys(spec).length > 0) return { document: spec, how: "written in the page" };
  const named = urls?.find(({ name }) => name === primaryName);
  const chosen = named ?? urls?.[0];
  if (chosen) {
    const others = (urls?.length ?? 1) - 1;
    const which = named ? `the primary one, "${primaryName}"` : "the first one";
    return { url: new URL(chosen.url, base), how: others > 0 ? `${which} of ${others + 1}` : "named by the page" };
  }
  if (url !== undefined) return { url: new URL(url, base), how: "named by the page" };
  throw new Error(
    "The page names no OpenAPI document. Open it in a browser, look in the network tab for the document (JSON or YAML), " +
      `and give its address or a file with it.${notRead}`,
  );
}

function settingsIn(script: string): Settings {
  return readSettings(literalsIn(script).map(({ name, value }) => [name, value]));
}

function readSettings(entries: readonly (readonly [name: string, value: unknown])[]): Settings {
  const found: Settings = {};
  for (const [name, value] of entries) {
    if (/^(?:spec|swaggerDoc|swaggerDocument)$/.test(name) && isTree(value)) found.spec = value;
    else if (/^(?:url|swaggerUrl)$/.test(name) && typeof value === "string" && value !== "") found.url = value;
    else if (/^(?:urls|swaggerUrls)$/.test(name) && isListOfUrls(value)) found.urls = value;
    else if (name === "urls.primaryName" && typeof value === "string") found.primaryName = value;
    else if (name === "configUrl" && typeof value === "string" && value !== "") found.configUrl = value;
    // `const options = { … }`, `JSON.parse("{ … }")`, `SwaggerUIBundle({ … })`.
    else if (isTree(value)) Object.assign(found, readSettings(Object.entries(value)));
  }
  return found;
}

function isListOfUrls(value: unknown): value is { url: string }[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every((item) => isTree(item) && typeof item.url === "string")
  );
}

function parseConfig(text: string): object {
  try {
    const config: unknown = JSON.parse(text);
    if (isTree(config)) return config;
  } catch {
    // The error below says what is wrong.
  }
  throw new Error("The page's configUrl leads to something that is not a JSON object.");
}

function baseOf({ url, text }: Text): URL {
  const html = inLowerCase(text);
  const open = html.search(/<base[\s/>]/);
  const end = open < 0 ? -1 : html.indexOf(">", open);
  const tag = end < 0 ? "" : text.slice(open, Math.min(end, open + MAX_TAG));
  const href = /\bhref\s*=\s*["']?([^"'\s>]+)/i.exec(tag)?.[1];
  return href !== undefined && URL.canParse(href, url) ? new URL(href, url) : url;
}

// Only A to Z: other letters may change in length, and positions must not.
function inLowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

type Script = { src: string } | { text: string };

// Step by step: a hostile page could keep one regular expression busy for hours.
function scriptsIn(html: string): Script[] {
  const scripts: Script[] = [];
  const lower = inLowerCase(html);
  for (let from = 0; ; ) {
    const open = lower.indexOf("<script", from);
    const tagEnd = open < 0 ? -1 : lower.indexOf(">", open);
    const close = tagEnd < 0 ? -1 : lower.indexOf("</script", tagEnd);
    if (close < 0) return scripts;
    from = close + 1;
    const tag = html.slice(open, tagEnd);
    const src = /\bsrc\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i.exec(tag.slice(0, MAX_TAG));
    const address = src?.[1] ?? src?.[2] ?? src?.[3];
    if (address !== undefined) scripts.push({ src: address });
    else {
      const text = html.slice(tagEnd + 1, close);
      const isJson = /\btype\s*=\s*["']?[\w./+-]*json/i.test(tag);
      // In brackets JSON is an expression.
      if (isJson || /swagger|openapi/i.test(text)) scripts.push({ text: isJson ? `(${text})` : text });
    }
  }
}

// Parsed and not run: only literals have a value here.
function literalsIn(script: string): { name: string; value: unknown }[] {
  try {
    return read(script);
  } catch (error) {
    throw error instanceof RangeError ? new Error("A script of the page is nested too deeply.") : error;
  }
}

function read(script: string): { name: string; value: unknown }[] {
  const file = ts.createSourceFile("page.js", script, ts.ScriptTarget.Latest, false, ts.ScriptKind.JS);
  const found: { name: string; value: unknown }[] = [];
  const visit = (node: ts.Node): void => {
    const named = nameAndValue(node);
    const value = named && spelt(named.value);
    if (named && value !== undefined) found.push({ name: named.name, value });
    // A document may have a field called `url`.
    else ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function nameAndValue(node: ts.Node): { name: string; value: ts.Expression } | undefined {
  if (ts.isPropertyAssignment(node)) {
    const name = nameOf(node.name);
    return name === undefined ? undefined : { name, value: node.initializer };
  }
  if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer) {
    return { name: node.name.text, value: node.initializer };
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
    const target = node.left;
    if (ts.isIdentifier(target)) return { name: target.text, value: node.right };
    if (ts.isPropertyAccessExpression(target)) return { name: target.name.text, value: node.right };
    if (ts.isElementAccessExpression(target) && ts.isStringLiteralLike(target.argumentExpression)) {
      return { name: target.argumentExpression.text, value: node.right };
    }
  }
  return undefined;
}

function nameOf(name: ts.PropertyName): string | undefined {
  return ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name) ? name.text : undefined;
}

function spelt(node: ts.Expression): unknown {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (ts.isParenthesizedExpression(node)) return spelt(node.expression);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken) {
    const value = spelt(node.operand);
    return typeof value === "number" ? -value : undefined;
  }
  if (ts.isArrayLiteralExpression(node)) {
    const values = node.elements.map(spelt);
    return values.includes(undefined) ? undefined : values;
  }
  if (ts.isObjectLiteralExpression(node)) return objectOf(node);
  if (ts.isCallExpression(node)) return parsedJson(node);
  switch (node.kind) {
    case ts.SyntaxKind.TrueKeyword:
      return true;
    case ts.SyntaxKind.FalseKeyword:
      return false;
    case ts.SyntaxKind.NullKeyword:
      return null;
    default:
      return undefined;
  }
}

function objectOf(node: ts.ObjectLiteralExpression): object | undefined {
  const entries: [string, unknown][] = [];
  for (const property of node.properties) {
    const name = ts.isPropertyAssignment(property) ? nameOf(property.name) : undefined;
    const value = ts.isPropertyAssignment(property) ? spelt(property.initializer) : undefined;
    if (name === undefined || value === undefined) return undefined;
    entries.push([name, value]);
  }
  // Object.fromEntries makes an own field even of `__proto__`.
  return Object.fromEntries(entries);
}

// As some servers write their settings.
function parsedJson(node: ts.CallExpression): unknown {
  const callee = node.expression;
  const [text] = node.arguments;
  const isParse =
    ts.isPropertyAccessExpression(callee) &&
    callee.name.text === "parse" &&
    ts.isIdentifier(callee.expression) &&
    callee.expression.text === "JSON";
  if (!isParse || text === undefined || !ts.isStringLiteralLike(text)) return undefined;
  try {
    return JSON.parse(text.text);
  } catch {
    return undefined;
  }
}
