import type { AttemptEnd, AttemptEvent, HookEnd, HookEvent, OpleadHooks } from "../../src/index.ts";

interface Attempts {
  began?: (event: AttemptEvent) => unknown;
  ended?: (end: AttemptEnd) => unknown;
  /** Only those that are repeated. */
  retried?: (end: AttemptEnd) => unknown;
}

/** Hooks that are told of requests alone. */
export function attempts({ began, ended, retried }: Attempts): OpleadHooks {
  return {
    async around(event, next) {
      if (event.kind !== "attempt") return;
      began?.(event);
      const end = (await next()) as AttemptEnd;
      ended?.(end);
      if (end.retryInMs !== undefined) retried?.(end);
    },
  };
}

/** Hooks that note what begins and what ends, of the kinds wanted. */
export function noted(...kinds: HookEvent["kind"][]) {
  const began: HookEvent[] = [];
  const ended: HookEnd[] = [];
  const hooks: OpleadHooks = {
    async around(event, next) {
      if (!kinds.includes(event.kind)) return;
      began.push(event);
      ended.push(await next());
    },
  };
  return { began, ended, hooks };
}
