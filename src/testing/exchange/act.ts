import { type Answer, json, page } from "../api/answer.ts";
import { absent } from "../api/route.ts";
import { operations } from "../platform/operations.ts";
import { type Platform, type Reply, refuse } from "../platform/platform.ts";
import type { Arrival } from "./arrival.ts";

export interface Act {
  readonly answer: Answer;
  /** Writes, unless it is test mode, or it comes late and what must be unique is taken by now. */
  readonly commit: (when?: "late") => void;
}

/** Finds out what Oplead would answer and write, leaving faults aside. */
export function act(arrival: Arrival, platform: Platform): Act {
  const { entry } = arrival;
  const { status, body, headers, form = "json", write, conflicts } = replyTo(arrival, platform);
  return {
    answer: form === "json" ? json(status, body, headers) : page(status, form),
    commit(when) {
      const isTest = entry.testMode && platform.like.testModeArrives;
      if (!write || isTest || (when === "late" && conflicts?.())) return;
      write();
      entry.acted = true;
    },
  };
}

function replyTo({ entry, where, isAuthorized, body, violations }: Arrival, platform: Platform): Reply {
  if (violations.length > 0) return refuse(400, "The request does not conform to the OpenAPI document.", violations);
  if (!where) return { ...refuse(404, absent(entry.method, entry.path)), form: platform.like.wrongPathForm };
  const { operation, parameter, allow } = where;
  if (!operation) return { ...refuse(405), headers: { allow } };
  if (!isAuthorized) return refuse(401);
  if (entry.method !== "GET" && body === undefined) return refuse(400);
  return platform.replica.request(() => operations[operation](platform, parameter, body));
}
