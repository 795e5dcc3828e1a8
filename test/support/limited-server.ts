import type { ServerResponse } from "node:http";
import { json, type Seen, serve, type TestServer } from "./servers.ts";

export interface LimitedServer extends TestServer {
  readonly accepted: number[];
  readonly refused: number[];
}

// A token bucket; 429 when empty. `also` may answer first.
export async function serveLimited(
  perSecond: number,
  burst: number,
  { retryAfter, also }: { retryAfter?: string; also?: (response: ServerResponse, request: Seen) => boolean } = {},
): Promise<LimitedServer> {
  const accepted: number[] = [];
  const refused: number[] = [];
  let tokens = burst;
  let at = performance.now();
  const server = await serve((response, request) => {
    const now = performance.now();
    tokens = Math.min(burst, tokens + ((now - at) * perSecond) / 1000);
    at = now;
    if (also?.(response, request)) {
      refused.push(now);
      return;
    }
    if (tokens < 1) {
      refused.push(now);
      json(
        response,
        429,
        { message: "too many requests" },
        retryAfter === undefined ? {} : { "retry-after": retryAfter },
      );
      return;
    }
    tokens -= 1;
    accepted.push(now);
    json(response);
  });
  return { ...server, accepted, refused };
}
