/**
 * JSON as it is sent, with the keys of every object in the order of their code units: equal content is equal text. What
 * `JSON.stringify` leaves out or turns into something else, this does too.
 *
 * The ledger keeps hashes of this text. Another form would make every user look changed.
 */
export function canonicalJson(value: unknown): string {
  return write(value, "") ?? "null";
}

function write(given: unknown, key: string): string | undefined {
  const value = jsonOf(given, key);
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
      return JSON.stringify(value);
    case "object":
      break;
    case "bigint":
      throw new TypeError("a BigInt cannot be sent as JSON: write it as text");
    default:
      return undefined;
  }
  if (value === null) return "null";
  if (Array.isArray(value)) return `[${Array.from(value, (item, at) => write(item, String(at)) ?? "null").join(",")}]`;
  if (value instanceof String || value instanceof Number || value instanceof Boolean) return JSON.stringify(value);

  let text = "";
  for (const name of Object.keys(value).sort()) {
    const written = write((value as Record<string, unknown>)[name], name);
    if (written !== undefined) text += `${text === "" ? "" : ","}${JSON.stringify(name)}:${written}`;
  }
  return `{${text}}`;
}

/** What a value says it is as JSON. Asked once: what it answers is not asked again. */
function jsonOf(value: unknown, key: string): unknown {
  if ((typeof value !== "object" || value === null) && typeof value !== "bigint") return value;
  const { toJSON } = value as { toJSON?: unknown };
  return typeof toJSON === "function" ? toJSON.call(value, key) : value;
}
