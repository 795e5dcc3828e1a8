import type { ValueProblem } from "../base/issues.ts";
import { isObject } from "../base/validation/is-object.ts";
import * as check from "../base/validation/validate.ts";
import { HEADER_NAME, isMethodOverride, isReserved } from "../header-names.ts";
import { tellOption, tellValue } from "../locales/en/core.ts";
import type { ClientRate, OpleadOptions, RetryOptions, SharedRate } from "../options.ts";

/** The same options, each of which has a value. */
export type Filled<Options> = { readonly [Name in keyof Options]-?: NonNullable<Options[Name]> };

export const MAX_MS = check.MAX_TIMER_MS;

export function retry(): check.Schema {
  const fields = {
    attempts: check.wholeNumber(1, 100),
    baseMs: check.number(0, MAX_MS),
    maxMs: check.number(0, MAX_MS),
  };
  return check.falseOr(check.options<RetryOptions>(fields, {}, tellOption("not_retry")));
}

/** `given` with what it leaves out taken from `otherwise`. */
export function filledRetry(given: OpleadOptions["retry"], otherwise: Filled<RetryOptions>): Filled<RetryOptions> {
  if (given === false) return { attempts: 1, baseMs: 0, maxMs: 0 };
  const { attempts = otherwise.attempts, baseMs = otherwise.baseMs, maxMs = otherwise.maxMs } = given ?? {};
  return { attempts, baseMs, maxMs };
}

/** An observer, which may be of a class with fields of its own, or a list of them. */
export function hooks(): check.Schema {
  const isHook = (hook: unknown): boolean => typeof Object(hook).around === "function";
  return check.valueThat((given) => [given].flat().every(isHook), tellOption("not_hooks"));
}

/** Why a token cannot be sent, or undefined. Also asked of what a token function returns. */
export function tokenProblem(token: unknown): ValueProblem | undefined {
  if (typeof token !== "string") return tellValue("not_text");
  if (token.trim() === "") return tellOption("empty_token");
  if (token !== token.trim()) return tellOption("padded_token");
  if (/^bearer\b/i.test(token)) return tellOption("bearer_token");
  if (!/^[\x21-\x7e]+$/.test(token)) return tellOption("unsendable_token");
  return undefined;
}

export function baseUrlProblem(value: unknown): ValueProblem | undefined {
  let url: URL;
  try {
    url = new URL(String(value));
  } catch {
    return tellOption("not_url");
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return tellOption("not_http");
  if (url.username !== "" || url.password !== "") return tellOption("url_with_password");
  if (url.search !== "" || url.hash !== "") return tellOption("url_with_query");
  if (/\/v1\/*$/.test(url.pathname)) return tellOption("url_with_version");
  return undefined;
}

export function authProblem(auth: unknown): ValueProblem | undefined {
  if (auth === "bearer") return undefined;
  const header = isObject(auth) ? auth.header : undefined;
  if (typeof header !== "string" || !HEADER_NAME.test(header)) {
    return tellOption("not_auth");
  }
  const hasMeaning = !/^authorization$/i.test(header) && (isReserved(header, "bearer") || isMethodOverride(header));
  return hasMeaning ? tellOption("header_with_meaning") : undefined;
}

/** Whether a rate is one that several clients share, also in several processes. */
export function isSharedRate(rate: unknown): rate is SharedRate {
  return isObject(rate) && typeof rate.acquire === "function" && !isClientRate(rate);
}

/** Whether a rate is the limiter of another client. By its methods, because that may be of the package's other form (ESM, CommonJS). */
export function isClientRate(rate: unknown): rate is ClientRate {
  return isObject(rate) && typeof rate.acquire === "function" && typeof rate.release === "function";
}
