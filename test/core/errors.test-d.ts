import { describe, expectTypeOf, test } from "vitest";
import {
  isOpleadError,
  type OpleadError,
  type OpleadErrorCode,
  type OpleadFailure,
  type OpleadIssue,
} from "../../src/index.ts";

describe("a caught error, after isOpleadError", () => {
  const caught = undefined as unknown;

  test("inside a switch over error.code, each case has the fields of its code without a cast", () => {
    if (!isOpleadError(caught)) return;
    switch (caught.code) {
      case "rate_limited":
        expectTypeOf(caught.retryAfterMs).toEqualTypeOf<number>();
        break;
      case "invalid_input":
      case "invalid_options":
        expectTypeOf(caught.issues).toEqualTypeOf<readonly OpleadIssue[]>();
        break;
      case "refused":
      case "conflict":
      case "not_found":
      case "unauthorized":
      case "forbidden":
      case "server_error":
      case "unexpected_response":
        expectTypeOf(caught.status).toEqualTypeOf<number>();
        break;
      case "connection":
        expectTypeOf(caught.cause).toEqualTypeOf<Error>();
        break;
      case "source_failed":
      case "token_unavailable":
        expectTypeOf(caught.cause).toEqualTypeOf<Error | undefined>();
        break;
      default:
        expectTypeOf(caught.retryAfterMs).toEqualTypeOf<number | undefined>();
        expectTypeOf(caught.cause).toBeUnknown();
    }
  });

  test("after a switch over every code the type of the code is never", () => {
    expectTypeOf<OpleadFailure["code"]>().toEqualTypeOf<OpleadErrorCode>();
    expectTypeOf<Exclude<OpleadFailure, { readonly code: OpleadErrorCode }>>().toBeNever();
  });

  test("a failure is an OpleadError, and a code that does not exist does not compile", () => {
    expectTypeOf<OpleadFailure>().toExtend<OpleadError>();
    // @ts-expect-error there is no such code
    if (isOpleadError(caught) && caught.code === "rate_limit") return;
  });
});
