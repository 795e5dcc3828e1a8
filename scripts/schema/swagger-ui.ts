/*
 * Finds the document of a Swagger UI page. A page configures Swagger UI in an inline script or in a script file. This searches both for
 * settings by their names, and gives them the same precedence as Swagger UI.
 */
import { literalsIn } from "./literals.ts";
import type { Reader, Text } from "./read-source.ts";
import { isTree } from "./view.ts";

/** The address of the document, or the document itself, and in words how it was found. */
export type Found = { readonly how: string } & ({ readonly url: URL } | { readonly document: unknown });

interface Settings {
  spec?: unknown;
  url?: string;
  urls?: readonly { readonly url: string; readonly name?: unknown }[];
  primaryName?: string;
  configUrl?: string;
}

/** Swagger UI's own files, which hold no settings. */
const LIBRARY = /(?:^|\/)(?:swagger-ui[\w.-]*|.*-preset|.*\bjquery\b.*|.*\.min)\.js$/i;
const MAX_SCRIPTS = 30;
/** How many characters of a tag are searched. */
const MAX_TAG = 2_000;

export function looksLikePage(text: string): boolean {
  return text.trimStart().startsWith("<");
}

export async function findDocument(page: Text, reader: Reader): Promise<Found> {
  const base = baseOf(page);
  let settings: Settings = {};
  let notRead = "";
  for (const script of scriptsIn(page.text).slice(0, MAX_SCRIPTS)) {
    if ("text" in script) settings = { ...settings, ...settingsIn(script) };
    else if (!LIBRARY.test(script.src.replace(/[?#].*$/, ""))) {
      try {
        const { text } = await reader.read(new URL(script.src, base));
        settings = { ...settings, ...settingsIn({ text, isJson: false }) };
      } catch (error) {
        // A page may have scripts from other hosts (analytics). One that cannot be read may not matter.
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

/** `spec` wins over `urls`, and `urls` over `url`, as in Swagger UI. */
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

function settingsIn(script: { text: string; isJson: boolean }): Settings {
  if (!script.isJson && !/swagger|openapi/i.test(script.text)) return {};
  if (!script.isJson) return readSettings(literalsIn(script.text).map(({ name, value }) => [name, value]));
  try {
    const data: unknown = JSON.parse(script.text);
    return isTree(data) ? readSettings(Object.entries(data)) : {};
  } catch {
    return {};
  }
}

function readSettings(entries: readonly (readonly [name: string, value: unknown])[]): Settings {
  const found: Settings = {};
  for (const [name, value] of entries) {
    if (/^(?:spec|swaggerDoc|swaggerDocument)$/.test(name) && isTree(value)) found.spec = value;
    else if (/^(?:url|swaggerUrl)$/.test(name) && typeof value === "string" && value !== "") found.url = value;
    else if (/^(?:urls|swaggerUrls)$/.test(name) && isListOfUrls(value)) found.urls = value;
    else if (name === "urls.primaryName" && typeof value === "string") found.primaryName = value;
    else if (name === "configUrl" && typeof value === "string" && value !== "") found.configUrl = value;
    // All settings in one object, as `const options = { … }`, `JSON.parse("{ … }")` or `SwaggerUIBundle({ … })` have them.
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

/** Only A to Z: some other letters are longer in lower case, and positions in the text must not change. */
function inLowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

type Script = { src: string } | { text: string; isJson: boolean };

/** The scripts of a page in their order. It searches step by step: a hostile page could keep one regular expression busy for hours. */
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
    else scripts.push({ text: html.slice(tagEnd + 1, close), isJson: /\btype\s*=\s*["']?[\w./+-]*json/i.test(tag) });
  }
}
