import { type Answer, errorBody, json } from "../api/answer.ts";
import { absent } from "../api/route.ts";
import { operations } from "../platform/operations.ts";
import type { Platform, Reply } from "../platform/platform.ts";
import type { Arrival } from "./arrival.ts";

/** An answer, and the write that goes with it. */
export interface Act {
  readonly answer: Answer;
  /** Writes, unless it is test mode, or it comes late and what must be unique is taken by now. */
  readonly commit: (when?: "now" | "late") => void;
}

/** Finds out what Oplead would answer and write, leaving faults aside. */
export function act(arrival: Arrival, platform: Platform, isAuthorized: (credential?: string) => boolean): Act {
  const { entry, where, credential, body, violations } = arrival;
  const refuse = (...[status, message, errors]: Parameters<typeof errorBody>): Act => ({
    answer: json(status, errorBody(status, message, errors)),
    commit: () => {},
  });
  if (violations.length > 0) return refuse(400, "The request does not conform to the OpenAPI document.", violations);
  if (!where) return refuse(404, absent(entry.method, entry.path));
  const { operation, parameter, allow } = where;
  if (!operation) return { answer: json(405, errorBody(405), { allow }), commit: () => {} };
  if (!isAuthorized(credential)) return refuse(401);
  if (entry.method !== "GET" && body === undefined) return refuse(400);
  const reply = platform.replica.request(() => operations[operation](platform, parameter, body));
  return { answer: json(reply.status, reply.body), commit: (when) => commit(reply, arrival, when) };
}

function commit({ write, conflicts }: Reply, { entry }: Arrival, when: "now" | "late" = "now"): void {
  if (!write || entry.testMode || (when === "late" && conflicts?.())) return;
  write();
  entry.acted = true;
}
