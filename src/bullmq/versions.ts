import { Queue } from "bullmq";
import { invalid } from "../core/errors.ts";
import { issueAt } from "../core/issues.ts";
import { tellStore } from "../locales/en/core.ts";

// The first version whose deduplication survives a lost job, and whose worker goes on at once after a pause.
const OLDEST = "6.4.0";

export function requireSupportedVersion(): void {
  const installed = installedVersion();
  const numbers = (version: string) => version.split(".").map(Number) as [number, number];
  const [[major, minor], [oldestMajor, oldestMinor]] = [numbers(installed), numbers(OLDEST)];
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  const names = { name: "bullmq", installed, needed: OLDEST };
  const issue = issueAt("", tellStore("old_package", names));
  throw invalid("invalid_options", "userQueue: the installed bullmq is too old.", [issue]);
}

// BullMQ does not export its version, but writes it to Redis among the facts of a queue.
function installedVersion(): string {
  const { version = "" } = Object(Reflect.get(Queue.prototype, "metaValues", { libName: "bullmq" }));
  return String(version).split(":").at(-1) || "5";
}
