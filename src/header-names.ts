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
export function headerProblem(name: string, value: unknown, auth: AuthScheme): string | undefined {
  if (!HEADER_NAME.test(name)) return "a header name has a character that is not allowed";
  if (isReserved(name, auth)) return "is set by the package";
  if (isMethodOverride(name)) return "would turn one method into another";
  return typeof value === "string" && HEADER_VALUE.test(value) ? undefined : "must be one line of ASCII text";
}
