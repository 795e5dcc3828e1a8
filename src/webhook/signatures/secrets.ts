import { invalid, type OpleadIssue } from "../../errors.ts";

/** The problems of the secrets. An empty secret would let anyone sign. */
export function secretIssues(secrets: unknown): OpleadIssue[] {
  if (!Array.isArray(secrets) || secrets.length === 0) {
    return [{ path: "secrets", message: "must be a list with at least one secret" }];
  }
  return secrets.flatMap((secret: unknown, index) => {
    const message = secretProblem(secret);
    return message ? [{ path: `secrets[${index}]`, message }] : [];
  });
}

function secretProblem(secret: unknown): string | undefined {
  if (secret === undefined || secret === null) return "is missing: is the environment variable set?";
  if (typeof secret === "string") return secret.trim() === "" ? "is empty" : undefined;
  if (!(secret instanceof Uint8Array)) return "must be text or bytes";
  return secret.length === 0 ? "is empty" : undefined;
}

export function toleranceIssues(seconds: unknown): OpleadIssue[] {
  if (seconds === undefined || (typeof seconds === "number" && seconds > 0 && Number.isFinite(seconds))) return [];
  return [{ path: "toleranceSeconds", message: "must be a number of seconds above 0" }];
}

const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;

export function headerIssues(path: string, name: unknown): OpleadIssue[] {
  return typeof name === "string" && HEADER_NAME.test(name) ? [] : [{ path, message: "must be the name of a header" }];
}

export function throwIfAny(scheme: string, issues: readonly OpleadIssue[]): void {
  if (issues.length > 0) throw invalid("invalid_options", `${scheme}: the options are not valid.`, issues);
}
