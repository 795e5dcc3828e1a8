import { invalid } from "../base/errors.ts";
import { issueAt, type OpleadIssue } from "../base/issues.ts";
import { tellConfig } from "../locales/en/config.ts";
import { tellValue } from "../locales/en/core.ts";

/**
 * The loader of the command reads a config that may name variables which are not set: it wants to list all of them with
 * their places, and some may be replaced by a target. So while it loads a file, a missing variable leaves a mark in the
 * text instead of an error. Registered, because a config may load another copy of this package (ESM and CommonJS).
 */
const KEY = Symbol.for("oplead-sdk.config.loading");

/** The folder of the config file that is being loaded. */
const globals = globalThis as { [KEY]?: string | undefined };

/** A NUL cannot be in an environment variable, nor in a path or header, so it marks nothing else. */
const MARK = /\0([^\0]+)\0/g;

/**
 * An environment variable.
 *
 * @param name Its name, for example `"OPLEAD_TOKEN"`.
 * @param fallback What counts when the variable is not set or empty. Without it the variable is required.
 * @throws {@link OpleadError} `invalid_options` with the variable's name when it is required and not set. In a file that
 * the command loads it is listed together with the other problems of the file.
 */
export function env(name: string, fallback?: string): string {
  if (typeof name !== "string") throw invalid("invalid_options", "env", [issueAt("name", tellValue("not_text"))]);
  const value = process.env[name];
  if (value !== undefined && value !== "") return value;
  if (fallback !== undefined) return fallback;
  if (globals[KEY] !== undefined) return `\0${name}\0`;
  throw invalid("invalid_options", "env", [issueAt(name, tellConfig("variables_not_set", { names: [name] }))]);
}

/** Runs a task during which {@link env} marks missing variables and relative paths start at `folder`. */
export async function whileLoading<T>(folder: string, task: () => Promise<T>): Promise<T> {
  globals[KEY] = folder;
  try {
    return await task();
  } finally {
    globals[KEY] = undefined;
  }
}

/** Where relative paths start: the folder of the config file that is being loaded, else the working directory. */
export function baseFolder(): string {
  return globals[KEY] ?? process.cwd();
}

/** The problem of a text that names variables which are not set; none for any other text. */
export function variableIssues(path: string, text: string): OpleadIssue[] {
  const names = [...text.matchAll(MARK)].map(([, name = ""]) => name);
  return names.length === 0 ? [] : [issueAt(path, tellConfig("variables_not_set", { names }))];
}
