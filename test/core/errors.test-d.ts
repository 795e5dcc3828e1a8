import { describe, expectTypeOf, test } from "vitest";
import {
  type FailedStep,
  isOpleadError,
  type OpleadError,
  type OpleadErrorCode,
  type OpleadFailure,
  type OpleadIssue,
} from "../../src/index.ts";
import type { Finding, GuardFinding, Reconciliation } from "../../src/sync/index.ts";
import type { WebhookOutcome } from "../../src/webhook/index.ts";

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
      case "incomplete":
        expectTypeOf(caught.result.failed).toEqualTypeOf<readonly [FailedStep, ...FailedStep[]]>();
        expectTypeOf(caught.cause).toExtend<OpleadFailure>();
        break;
      case "sync_refused":
        expectTypeOf(caught.findings).toEqualTypeOf<readonly GuardFinding[]>();
        expectTypeOf(caught.hash).toEqualTypeOf<string>();
        break;
      default:
        expectTypeOf(caught.retryAfterMs).toEqualTypeOf<number | undefined>();
        expectTypeOf(caught.cause).toEqualTypeOf<Error | undefined>();
        expectTypeOf(caught.thrown).toBeUnknown();
    }
  });

  test("after a switch over every code, no code is left: its type is `never`", () => {
    expectTypeOf<OpleadFailure["code"]>().toEqualTypeOf<OpleadErrorCode>();
    expectTypeOf<Exclude<OpleadFailure, { readonly code: OpleadErrorCode }>>().toBeNever();
  });

  test("a failure is an OpleadError, and a code that does not exist does not compile", () => {
    expectTypeOf<OpleadFailure>().toExtend<OpleadError>();
    // @ts-expect-error there is no such code
    if (isOpleadError(caught) && caught.code === "rate_limit") return;
  });
});

describe("the errors in results and callbacks", () => {
  test("a comparison of the code narrows an error to the fields of that code", () => {
    const waitOf = (error: Finding<"failed">["error"]): number =>
      error.code === "rate_limited" ? error.retryAfterMs : 0;
    const statusOf = (error: WebhookOutcome<"failed">["failed"][0]["error"]): number | undefined =>
      error.code === "incomplete" ? error.result.failed[0]?.error.status : error.status;
    type Failed = Reconciliation["failed"][number]["error"];
    // @ts-expect-error a timeout has no findings
    const findingsOf = (error: Failed) => (error.code === "timeout" ? error.findings : []);
    expectTypeOf(waitOf).returns.toBeNumber();
    expectTypeOf(statusOf).returns.toEqualTypeOf<number | undefined>();
    expectTypeOf(findingsOf).toBeFunction();
  });
});
