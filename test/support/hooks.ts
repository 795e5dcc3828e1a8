import type { HookEnd, HookEvent, OpleadHooks } from "../../src/index.ts";

export type Ended<Event extends HookEvent = HookEvent> = Event & HookEnd;

interface Attempts {
  began?: (event: HookEvent<"attempt">) => unknown;
  ended?: (end: Ended<HookEvent<"attempt">>) => unknown;
  retried?: (end: Ended<HookEvent<"attempt">>) => unknown;
}

export function attempts({ began, ended, retried }: Attempts): OpleadHooks {
  return {
    async around(event, next) {
      if (event.kind !== "attempt") return;
      const before = { ...event };
      began?.(event);
      const end = { ...before, ...(await next()) };
      ended?.(end);
      if (end.retryInMs !== undefined) retried?.(end);
    },
  };
}
