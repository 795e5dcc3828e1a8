/** The kind of something thrown, and its code if it has one: `TypeError ECONNREFUSED`. Its message may quote data. */
export function errorKind(error: unknown): string {
  const name = error instanceof Error ? error.name : typeof error;
  return [name, errorCode(error)].filter((part) => part && /^\w{1,60}$/.test(part)).join(" ") || "Error";
}

/** The code of an error of the system or of Node, such as `ENOENT`; undefined if it has none. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

interface Reason {
  readonly code: string;
  readonly syscall?: unknown;
  readonly message?: unknown;
}

/** The innermost errors that have a code. Node tries several addresses and then gives one error for each. */
export function reasonsOf(error: unknown, depth = 0): Reason[] {
  if (typeof error !== "object" || error === null || depth > 4) return [];
  const { code, syscall, cause, errors, message } = error as Partial<Reason> & { cause?: unknown; errors?: unknown };
  if (Array.isArray(errors) && errors.length > 0) return errors.flatMap((inner) => reasonsOf(inner, depth + 1));
  const below = reasonsOf(cause, depth + 1);
  if (below.length > 0) return below;
  if (typeof code === "string") return [{ code, syscall, message }];
  // Deno gives no code, only these words.
  if (typeof message === "string" && /\(os error 111\)|Connection refused \(/.test(message)) {
    return [{ code: "ECONNREFUSED" }];
  }
  return [];
}

/** Failures that pass: of a connection, of a name server, of a database that restarts, is full or broke off a transaction. */
const PASSING =
  /^(?:E(?:CONN\w+|HOST\w+|NET\w+|PIPE|SOCKET|\w*TIMEDOUT|TIMEOUT|AI_AGAIN|NOTFOUND|AGAIN|BUSY|MFILE)|UND_ERR_(?:SOCKET|\w+_TIMEOUT)|Connection\w+|PROTOCOL_CONNECTION_LOST|(?:08|40|53)[\dA-Z]{3}|57P\d\d)$/;

/** Whether what was thrown by the code of others is a failure that may pass by itself. What is not known does not. */
export function mayPass(error: unknown): boolean {
  const reasons = reasonsOf(error);
  if (reasons.length > 0) return reasons.every(({ code }) => PASSING.test(code));
  return error instanceof Error && error.name === "TimeoutError";
}
