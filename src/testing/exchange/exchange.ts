import { errorBody, json, type Outcome } from "../api/answer.ts";
import { faultAnswer } from "../faults/fault-answer.ts";
import type { Faults, Hit } from "../faults/faults.ts";
import type { Limits } from "../faults/limits.ts";
import type { Platform } from "../platform/platform.ts";
import type { FakeRequest } from "../types/fault.ts";
import { act } from "./act.ts";
import { type Arrival, type ArrivalOptions, type Incoming, readArrival } from "./arrival.ts";
import type { Pending, Waits } from "./waits.ts";

/** Answers a request: at once, unless a delay or a hang is due, so that a fast test pays for neither promise nor timer. */
export type Handle = (incoming: Incoming, waits: Waits) => Outcome | Promise<Outcome>;

export interface ExchangeOptions extends ArrivalOptions {
  readonly platform: () => Platform;
  readonly faults: Faults;
  readonly limits: Limits;
  readonly pending: Pending;
  /** Adds a request to the log, and gives its number, from 1. */
  readonly log: (request: FakeRequest) => number;
}

/** The way of every request: log, limits, faults, delays, action, answer. */
export function createExchange(options: ExchangeOptions): Handle {
  const { platform, faults, limits, pending, log } = options;

  function respond(arrival: Arrival, fault: Hit | undefined, waits: Waits): Outcome {
    if (fault?.when === "before") return faultAnswer(fault.as, undefined);
    const { answer, commit } = act(arrival, platform());
    if (fault?.when === "late") commitLate(commit, fault.lateMs, waits);
    else commit();
    return fault ? faultAnswer(fault.as, answer) : answer;
  }

  async function commitLate(commit: (when: "late") => void, ms: number, waits: Waits): Promise<void> {
    pending.begin();
    if (await waits.wait(ms)) commit("late");
    pending.end();
  }

  /** Notes the answer in the log. Only Oplead gives a request id: a gateway's page has none. */
  function close({ entry }: Arrival, number: number, outcome: Outcome): Outcome {
    if (outcome === "reset") return outcome;
    entry.status = outcome.status;
    if (typeof entry.fault === "object" && "gateway" in entry.fault) return outcome;
    const { requestIdHeader } = platform().like;
    const id = requestIdHeader === "" ? {} : { [requestIdHeader]: `fake-${number}` };
    return { ...outcome, headers: { ...id, ...outcome.headers } };
  }

  return (incoming, waits) => {
    const arrival = readArrival(incoming, options);
    const { entry } = arrival;
    const number = log(entry);

    const refusal = limits.refuse(entry.time);
    if (refusal) return close(arrival, number, json(429, errorBody(429), refusal));

    const fault = faults.hit(entry);
    entry.fault = fault?.as;
    const { before, after } = faults.delaysOf(entry);
    if (before + after === 0 && fault?.as !== "hang") return close(arrival, number, respond(arrival, fault, waits));

    limits.enter();
    pending.begin();
    return (async () => {
      let outcome: Outcome;
      try {
        if (before > 0 && !(await waits.wait(before))) return "reset";
        outcome = respond(arrival, fault, waits);
        if (after > 0 && !(await waits.wait(after))) return "reset";
      } finally {
        limits.leave();
        pending.end();
      }
      if (fault?.as === "hang") await waits.wait(Number.POSITIVE_INFINITY);
      return close(arrival, number, outcome);
    })();
  };
}
