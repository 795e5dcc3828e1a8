import type { ServerResponse } from "node:http";
import { json, type Seen, serve, type TestServer } from "./servers.ts";

export interface LimitedServer extends TestServer {
  /** When requests were accepted, and when they were refused, by `performance.now()`. */
  readonly accepted: number[];
  readonly refused: number[];
}

/**
 * A server with a token bucket, which answers 429 to requests that find it empty. `also` may answer a request before
 * the bucket is asked.
 */
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
