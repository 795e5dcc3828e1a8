/**
 * JSON as it is sent, with the keys of every object in the order of their code units: equal content is equal text. What
 * `JSON.stringify` leaves out or turns into something else, this does too.
 *
 * The ledger keeps hashes of this text. Another form would make every user look changed.
 */
export function canonicalJson(value: unknown): string {
  return write(value, "") ?? "null";
}

function write(value: unknown, key: string): string | undefined {
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
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === "function") return write(toJSON.call(value, key), key);
  if (Array.isArray(value)) return `[${value.map((item, index) => write(item, String(index)) ?? "null").join(",")}]`;
  if (value instanceof String || value instanceof Number || value instanceof Boolean) return JSON.stringify(value);

  let text = "";
  for (const name of Object.keys(value).sort()) {
    const written = write((value as Record<string, unknown>)[name], name);
    if (written !== undefined) text += `${text === "" ? "" : ","}${JSON.stringify(name)}:${written}`;
  }
  return `{${text}}`;
}
