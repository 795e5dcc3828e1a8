import { type FakeOperation, operationNames, operationTable, templateOf } from "./operations.ts";

export interface Route {
  /** Undefined when the path exists, but not with this method. */
  readonly operation: FakeOperation | undefined;
  /** The path's parameter, decoded; empty when the path has none. */
  readonly parameter: string;
  /** The methods that the path has, as an `Allow` header lists them. */
  readonly allow: string;
}

const patterns = operationNames.map((name) => ({
  name,
  method: operationTable[name].method,
  parts: templateOf(name).slice(1).split("/"),
}));

/** Finds the operation for a method and a path, still encoded. Undefined for a path that does not exist. */
export function route(method: string, path: string): Route | undefined {
  const segments = path.slice(1).split("/");
  const found = patterns.filter(
    ({ parts }) =>
      parts.length === segments.length &&
      parts.every((part, index) => (part === "*" ? segments[index] !== "" : part === segments[index])),
  );
  if (found.length === 0) return undefined;
  const variable = found[0]?.parts.indexOf("*") ?? -1;
  return {
    operation: found.find((pattern) => pattern.method === method)?.name,
    parameter: decode(segments[variable] ?? ""),
    allow: found.map((pattern) => pattern.method).join(", "),
  };
}

/** The message for a request that is not one of the operations. */
export function absent(method: string, path: string): string {
  const known = operationNames.map((name) => `${operationTable[name].method} ${templateOf(name)}`).join(", ");
  return `The fake has no ${method} ${path}. It answers: ${known}.`;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
