// A foreign server or file, with limits, and from one place only: no name in a page can lead to another host or folder.
import { readFile, stat } from "node:fs/promises";
import { basename, resolve as resolvePath } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export interface Limits {
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

export const LIMITS: Limits = { maxBytes: 20 * 1024 * 1024, timeoutMs: 30_000 };

export interface Text {
  // After redirects.
  readonly url: URL;
  readonly text: string;
  readonly bytes: Uint8Array;
}

export interface Reader {
  readonly start: URL;
  read(url: URL): Promise<Text>;
}

const MAX_REDIRECTS = 5;

// `auth` is sent only to the source's own host.
export function openReader(source: string, auth: string | undefined, limits: Limits = LIMITS): Reader {
  const start = toUrl(source);
  const headers = { accept: "application/json, application/yaml, text/html, */*;q=0.1", ...headerOf(auth) };
  const deadline = Date.now() + limits.timeoutMs;
  return {
    start,
    async read(url) {
      checkPlace(url, start);
      return url.protocol === "file:" ? readDisk(url, limits) : readHttp(url, start, headers, deadline, limits);
    },
  };
}

// Without credentials, query and folders.
export function publicName(url: URL): string {
  return url.protocol === "file:" ? basename(fileURLToPath(url)) : url.origin + url.pathname;
}

function toUrl(source: string): URL {
  return /^https?:\/\//i.test(source) ? new URL(source) : pathToFileURL(resolvePath(source));
}

function headerOf(line: string | undefined): Record<string, string> {
  if (line === undefined || line === "") return {};
  const match = /^([\w-]+):\s*(\S.*)$/.exec(line);
  if (match?.[1] === undefined || match[2] === undefined) {
    throw new Error("OPLEAD_SCHEMA_AUTH must be a header line, for example: Authorization: Basic dXNlcjpwYXNz");
  }
  return { [match[1]]: match[2] };
}

function checkPlace(url: URL, start: URL): void {
  if (url.protocol === "file:" && start.protocol === "file:") {
    const folder = new URL(".", start).href;
    if (!url.href.startsWith(folder)) throw new Error(`${basename(url.pathname)} is outside the folder of the source.`);
    return;
  }
  if (url.host !== start.host || !/^https?:$/.test(url.protocol)) {
    throw new Error(
      `${publicName(url)} is on another host than the source and is not read. If you trust it, give it as the source.`,
    );
  }
  if (start.protocol === "https:" && url.protocol === "http:") {
    throw new Error(`${publicName(url)} leads from https to http and is not read.`);
  }
}

async function readDisk(url: URL, limits: Limits): Promise<Text> {
  const { size } = await stat(url);
  if (size > limits.maxBytes) throw tooBig(limits);
  const bytes = await readFile(url);
  return { url, bytes, text: decode(bytes) };
}

async function readHttp(
  first: URL,
  start: URL,
  headers: Record<string, string>,
  deadline: number,
  limits: Limits,
): Promise<Text> {
  const signal = AbortSignal.timeout(Math.max(1, deadline - Date.now()));
  let url = first;
  try {
    for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
      // fetch would send the header to the other host.
      const response = await fetch(url, { headers, signal, redirect: "manual" });
      const location = response.headers.get("location");
      if (response.status >= 300 && response.status < 400 && location !== null) {
        await response.body?.cancel();
        url = new URL(location, url);
        checkPlace(url, start);
        continue;
      }
      if (!response.ok) {
        await response.body?.cancel();
        const hint = [401, 403].includes(response.status) ? " If it needs a login, set OPLEAD_SCHEMA_AUTH." : "";
        throw new Error(`${publicName(url)} answers ${response.status}.${hint}`);
      }
      const bytes = await collect(response, limits);
      return { url, bytes, text: decode(bytes) };
    }
  } catch (error) {
    if (signal.aborted) throw new Error(`${publicName(first)} took longer than ${limits.timeoutMs / 1000} s.`);
    if (error instanceof TypeError) {
      const { code } = (error.cause ?? {}) as { code?: unknown };
      throw new Error(`${publicName(url)} cannot be reached${typeof code === "string" ? ` (${code})` : ""}.`);
    }
    throw error;
  }
  throw new Error(`${publicName(first)} redirects more than ${MAX_REDIRECTS} times.`);
}

// Unpacked bytes: a declared length can be wrong, and an archive can unpack to much more.
async function collect(response: Response, limits: Limits): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // The types of the Web's streams do not say that Node's are iterable.
  for await (const chunk of (response.body ?? []) as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > limits.maxBytes) throw tooBig(limits);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder("utf-8").decode(bytes);
}

function tooBig(limits: Limits): Error {
  return new Error(`The source is bigger than ${limits.maxBytes / 1024 / 1024} MiB.`);
}
