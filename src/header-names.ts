import type { ValueProblem } from "./base/issues.ts";
import { tellOption } from "./locales/en/core.ts";
import type { AuthScheme } from "./options.ts";

export const HEADER_NAME = /^[!#$%&'*+.^_`|~\w-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e]*$/;
/** Set by the package, or by the run time, which refuses them from others (`trailer`, `te`). */
const RESERVED =
  /^(?:authorization|content-(?:type|length|encoding)|host|user-agent|accept-encoding|transfer-encoding|connection|keep-alive|upgrade|expect|trailer|te|proxy-connection)$/i;

/** Whether the package or the run time sets a header itself: authorization, body, connection. */
export function isReserved(name: string, auth: AuthScheme): boolean {
  return RESERVED.test(name) || (auth !== "bearer" && name.toLowerCase() === auth.header.toLowerCase());
}

/** Some frameworks let a header change the method, which would take a write past test mode as a GET. */
export function isMethodOverride(name: string): boolean {
  return /^x-(?:http-)?method(?:-override)?$/i.test(name);
}

/** Why a caller may not send a header, or undefined. */
export function headerProblem(name: string, value: unknown, auth: AuthScheme): ValueProblem | undefined {
  if (!HEADER_NAME.test(name)) return tellOption("not_header_name");
  if (isReserved(name, auth)) return tellOption("reserved_header");
  if (isMethodOverride(name)) return tellOption("method_override");
  return typeof value === "string" && HEADER_VALUE.test(value) ? undefined : tellOption("not_header_value");
}
