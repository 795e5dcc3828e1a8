import type { AttemptEvent, HookEnd, HookEvent, OpleadHooks } from "../../src/index.ts";

export type Ended<Event extends HookEvent = HookEvent> = Event & HookEnd;

interface Attempts {
  began?: (event: AttemptEvent) => unknown;
  ended?: (end: Ended<AttemptEvent>) => unknown;
  retried?: (end: Ended<AttemptEvent>) => unknown;
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
