export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// Dates, maps and promises are no records.
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return Object.prototype.toString.call(value) === "[object Object]";
}

// Strings do not count as iterable.
export function isIterable(value: unknown): value is Iterable<unknown> | AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value);
}

export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (!isObject(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// Deeper objects are copied by way of JSON, which throws a clear error for a cycle.
const DEEPEST = 20;

// Copies in a fifth of the time of writing and reading JSON.
export function jsonCopy<T>(value: T): T {
  const copy = plainCopy(value, DEEPEST);
  return (copy === UNUSUAL ? JSON.parse(JSON.stringify(value)) : copy) as T;
}

const UNUSUAL = Symbol("has no plain copy");

function plainCopy(value: unknown, depth: number): unknown {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  // JSON has no negative zero.
  if (typeof value === "number") return Number.isFinite(value) ? value + 0 : null;
  if (typeof value !== "object" || depth === 0) return UNUSUAL;
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    for (const item of value) {
      const copy = plainCopy(item, depth - 1);
      if (copy === UNUSUAL) return UNUSUAL;
      list.push(copy);
    }
    return Object.hasOwn(value, "toJSON") ? UNUSUAL : list;
  }
  if (!isPlain(value) || "toJSON" in value) return UNUSUAL;
  const object: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const inner = value[name];
    if (inner === undefined) continue;
    const copy = plainCopy(inner, depth - 1);
    if (copy === UNUSUAL || name === "__proto__") return UNUSUAL;
    object[name] = copy;
  }
  return object;
}

type Reviver = (name: string, value: unknown) => unknown;

// Finds texts that may hold an integer that JavaScript would round. Sixteen digits cover one place in sixteen, so few
// are looked at: a pattern takes as long as half of JSON.parse.
function mayRound(text: string): boolean {
  for (let at = 15; at < text.length; at += 16) {
    let before = at;
    while (isDigit(text.charCodeAt(before))) before -= 1;
    let after = at;
    while (isDigit(text.charCodeAt(after))) after += 1;
    if (after - before > 16) return true;
  }
  return false;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

// Finds the beginning of a string, or a complete number.
const TOKEN = /"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

// Finds integers without a leading zero; one with a leading zero is no JSON and is left to the parser.
const INTEGER = /^-?[1-9]\d*$/;

// Keeps large numbers exact: a rounded id would be the id of another user. Before Node 21, JSON.parse does not show how
// a number was written. Throws a SyntaxError, whose message may quote the text.
export function parseJson(text: string, reviver?: Reviver): unknown {
  return JSON.parse(mayRound(text) ? withExactNumbers(text) : text, reviver);
}

function withExactNumbers(text: string): string {
  const parts: string[] = [];
  let done = 0;
  const tokens = new RegExp(TOKEN);
  for (let found = tokens.exec(text); found !== null; found = tokens.exec(text)) {
    const [token] = found;
    if (token === '"') {
      tokens.lastIndex = endOfString(text, tokens.lastIndex);
    } else if (INTEGER.test(token) && !Number.isSafeInteger(Number(token))) {
      parts.push(text.slice(done, found.index), `"${token}"`);
      done = tokens.lastIndex;
    }
  }
  return parts.length === 0 ? text : parts.join("") + text.slice(done);
}

// The search is a loop: a regular expression would overflow on a long text with many escapes.
function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text[at - 1 - backslashes] === "\\") backslashes += 1;
    if (backslashes % 2 === 0) return at + 1;
  }
  return text.length;
}

interface Telling {
  readonly title?: string;
  readonly rowOf?: (record: never) => number | string | undefined;
  readonly noteUser?: (record: unknown, made: object) => void;
  readonly columns?: () => Readonly<Record<string, string>>;
}

type Opening = (request: unknown) => unknown;

// A source may be a function that returns another one. The last function, or the list, may know a record's row and
// columns.
export async function openRecords<SourceRecord>(
  source: unknown,
  request: unknown,
): Promise<{
  readonly records: Iterable<SourceRecord> | AsyncIterable<SourceRecord>;
  readonly source: Telling;
}> {
  let last = source;
  let records = source;
  while (typeof records === "function") {
    last = records;
    records = await (records as Opening)(request);
  }
  return { records: records as AsyncIterable<SourceRecord>, source: last as Telling };
}

export const EVERYTHING = { since: undefined, lookbackMs: 0 };

export function overlaid<T extends object>(base: T, over: { readonly [Name in keyof T]?: T[Name] | undefined }): T {
  const laid = { ...base };
  for (const [name, value] of Object.entries(over)) {
    if (value !== undefined) Object.assign(laid, { [name]: value });
  }
  return laid;
}

export function getOrMake<Key, Value>(
  map: { get(key: Key): Value | undefined; set(key: Key, value: Value): unknown },
  key: Key,
  make: () => Value,
): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

export function append<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

export function similarTo(name: string, known: readonly string[]): string | undefined {
  return known.find((one) => isSimilar(name, one));
}

// Names are similar if only case or separators differ, or one letter is missing, added, wrong or swapped.
function isSimilar(name: string, known: string): boolean {
  const [a, b] = [plain(name), plain(known)];
  if (a === b) return true;
  if (Math.abs(a.length - b.length) > 1) return false;
  // `phone2` is not a misspelt name.
  if (b.length < 5 || /\d/.test(a)) return false;
  const first = [...b].findIndex((letter, at) => letter !== a[at]);
  const start = first < 0 ? b.length : first;
  const [restA, restB] = [a.slice(start), b.slice(start)];
  return (
    restA.slice(1) === restB ||
    restA === restB.slice(1) ||
    restA.slice(1) === restB.slice(1) ||
    (restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2))
  );
}

function plain(name: string): string {
  return name.replace(/[\s_-]/g, "").toLowerCase();
}

// The methods are not enumerable. Node, Bun and Deno print the result of `show`.
export function addMethods<Fields extends object, Methods extends object>(
  fields: Fields,
  methods: Methods,
  show: (this: Fields) => unknown,
): Fields & Methods {
  const all = {
    ...methods,
    [Symbol.for("nodejs.util.inspect.custom")]: show,
    [Symbol.for("Deno.customInspect")](this: Fields, inspect: (value: unknown, how: unknown) => string, how: unknown) {
      return inspect(show.call(this), how);
    },
  };
  for (const name of Reflect.ownKeys(all)) Object.defineProperty(fields, name, { value: Reflect.get(all, name) });
  return fields as Fields & Methods;
}
