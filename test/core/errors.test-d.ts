import { describe, expectTypeOf, test } from "vitest";
import type { UserWorkerOptions } from "../../src/bullmq/index.ts";
import {
  type FailedStep,
  type HookEnd,
  isOpleadError,
  type OpleadError,
  type OpleadErrorCode,
  type OpleadFailure,
  type OpleadIssue,
} from "../../src/index.ts";
import type { ApplyOptions, Finding, GuardFinding, Reconciliation } from "../../src/sync/index.ts";
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
  // Narrowed by its code, without isOpleadError.
  type Places = {
    readonly reconcileUser: Reconciliation["failed"][number]["error"];
    readonly report: Finding<"failed">["error"];
    readonly onUserOfRun: Parameters<NonNullable<ApplyOptions["onUser"]>>[0]["failed"][number]["error"];
    readonly onUserOfWorker: Parameters<NonNullable<UserWorkerOptions["onUser"]>>[0]["failed"][number]["error"];
    readonly onRefused: WebhookOutcome<"failed" | "incomplete">["failed"][0]["error"];
    readonly hook: NonNullable<HookEnd["error"]>;
    readonly hookSteps: NonNullable<HookEnd["failed"]>[number]["error"];
    readonly held: Reconciliation["held"][number]["error"];
    readonly incomplete: NonNullable<OpleadError["result"]>["failed"][number]["error"];
  };

  test("each error in a result or a callback is an OpleadFailure", () => {
    expectTypeOf<Places[keyof Places]>().toEqualTypeOf<OpleadFailure>();
    expectTypeOf<Places>().toEqualTypeOf<{ readonly [Place in keyof Places]: OpleadFailure }>();
  });

  test("a comparison of the code narrows an error to the fields of that code", () => {
    const waitOf = (error: Places["report"]): number => (error.code === "rate_limited" ? error.retryAfterMs : 0);
    const statusOf = (error: Places["onRefused"]): number | undefined =>
      error.code === "incomplete" ? error.result.failed[0]?.error.status : error.status;
    // @ts-expect-error a timeout has no findings
    const findingsOf = (error: Places["reconcileUser"]) => (error.code === "timeout" ? error.findings : []);
    expectTypeOf(waitOf).returns.toBeNumber();
    expectTypeOf(statusOf).returns.toEqualTypeOf<number | undefined>();
    expectTypeOf(findingsOf).toBeFunction();
  });
});
