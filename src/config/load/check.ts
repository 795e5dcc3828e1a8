import { isOpleadError } from "../../base/errors.ts";
import type { OpleadIssue } from "../../base/issues.ts";
import {
  boolean,
  type FindIssues,
  falseOr,
  func,
  issueFinder,
  number,
  oneOf,
  options,
  unless,
  valueThat,
  wholeNumber,
  withMethods,
} from "../../base/validation/validate.ts";
import { createOplead } from "../../client/oplead.ts";
import type { OpleadConfig } from "../config.ts";
import { missingVariables } from "../env.ts";
import { settingsOf } from "../sources/source.ts";
import { isPlain } from "./merge.ts";

/** A part of a config that a command may need. */
export type ConfigPart = "client" | "source" | "map" | "webhook" | "queue";

/** Every problem of a config, after its target was merged, with its path. */
export function configIssues(config: OpleadConfig, needs: readonly ConfigPart[]): OpleadIssue[] {
  const needsClient = needs.includes("client");
  // A command that asks Oplead for nothing runs without a token.
  const missing = variableIssues(needsClient ? config : { ...config, client: undefined });
  const seen = new Set(missing.map(({ path }) => path));
  const absent = needs
    .filter((part) => part !== "client" && config[part] === undefined)
    .map((part) => ({ path: part, message: "is missing, and this command needs it" }));
  const others = [...absent, ...findIssues(config), ...(needsClient ? clientIssues(config.client) : [])];
  // A missing variable is the cause of what else is wrong with the value.
  return [...missing, ...others.filter(({ path }) => !seen.has(path))];
}

const findIssues: FindIssues = issueFinder(() => {
  const isText = (value: unknown): boolean => typeof value === "string" && value.trim() !== "";
  const object = valueThat(isPlain, "must be an object");
  const list = valueThat(Array.isArray, "must be a list");
  return options({
    client: object,
    source: valueThat(
      isSource,
      "must be csvSource(…), jsonSource(…), restSource(…), an iterable, or a function that returns one",
    ),
    map: func(),
    key: func(),
    rowOf: func(),
    ledger: unless(
      isText,
      withMethods(["get", "set", "entries", "close"], "must be the path of a folder, or a ledger"),
    ),
    guard: falseOr(object),
    checks: oneOf("warn", "error", false),
    incremental: boolean(),
    heldRetryAfterMs: falseOr(number(0, Number.MAX_SAFE_INTEGER)),
    concurrency: wholeNumber(1, 10_000),
    stop: object,
    onMissing: func(),
    webhook: object,
    queue: object,
    coverage: boolean(),
    audit: falseOr(valueThat(isText, "must be a text")),
    fake: options({ profiles: list, disabledRules: list }),
    trigger: object,
    targets: object,
  });
});

function isSource(value: unknown): boolean {
  if (typeof value === "function") return true;
  return typeof value === "object" && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value);
}

/** What the client itself has against its options. */
function clientIssues(client: unknown): OpleadIssue[] {
  if (client !== undefined && !isPlain(client)) return [];
  try {
    createOplead(client);
    return [];
  } catch (error) {
    if (!isOpleadError(error) || error.issues === undefined) throw error;
    return error.issues.map(({ path, message }) => ({ path: path === "" ? "client" : `client.${path}`, message }));
  }
}

/** Where the config uses environment variables that are not set. */
function variableIssues(value: unknown, path = ""): OpleadIssue[] {
  if (typeof value === "string") {
    const message = missingVariables(value);
    return message === undefined ? [] : [{ path, message }];
  }
  const message = missingVariables(settingsOf(value).join(" "));
  if (message !== undefined) return [{ path, message }];
  if (!isPlain(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    // The targets that were not chosen may name variables of other machines.
    path === "" && name === "targets" ? [] : variableIssues(inner, path === "" ? name : `${path}.${name}`),
  );
}
