import { expectTypeOf, test } from "vitest";
import type * as config from "../src/config/index.ts";
import type * as coverage from "../src/coverage/index.ts";
import type * as core from "../src/index.ts";
import type * as queue from "../src/queue/index.ts";
import type * as redis from "../src/redis/index.ts";
import type * as sync from "../src/sync/index.ts";
import type * as testing from "../src/testing/index.ts";
import type * as webhook from "../src/webhook/index.ts";

/** The optional fields that may be left out and must not be undefined, under `exactOptionalPropertyTypes`. */
type Strict<T> = T extends unknown
  ? {
      [Name in keyof T]-?: object extends Pick<T, Name>
        ? { [_ in Name]: undefined } extends Pick<T, Name>
          ? never
          : Name
        : never;
    }[keyof T]
  : never;

test("every option of every function may be undefined, which counts as left out", () => {
  expectTypeOf<Strict<{ readonly a?: number }>>().toEqualTypeOf<"a">();
  expectTypeOf<
    | Strict<core.OpleadOptions | core.CallOptions | core.UpsertOptions | core.ReferenceOptions | core.WithOptions>
    | Strict<core.RetryOptions | core.RateLimitOptions | core.OpleadHooks | core.OpleadErrorDetails | core.UserInput>
    | Strict<sync.SyncOptions<unknown> | sync.ApplyOptions | sync.VerifyOptions | sync.DiffOptions | sync.SendOptions>
    | Strict<sync.GuardOptions | sync.StopOptions | sync.ReconcileOptions | sync.KeyvLedgerOptions>
    | Strict<sync.ProblemCsvOptions | sync.ProblemRowsOptions>
    | Strict<webhook.HmacSignatureOptions | webhook.StandardWebhooksOptions | webhook.StripeStyleOptions>
    | Strict<webhook.UserWebhookOptions<unknown> | webhook.MemoryDeliveriesOptions | webhook.KeyvDeliveriesOptions>
    | Strict<queue.UserQueueOptions | queue.UserWorkerOptions | queue.EnqueueOptions>
    | Strict<redis.RedisLedgerOptions | redis.RedisDeliveriesOptions | redis.RedisRateOptions>
    | Strict<config.CsvOptions | config.JsonOptions | config.RestOptions | config.LoadOptions>
    | Strict<coverage.CoverageOptions | coverage.CoverageReportOptions | coverage.ExplainOptions>
    | Strict<coverage.ExplanationTextOptions | testing.FakeOpleadOptions | testing.DeliveryOptions>
    | Strict<testing.FakeFault>
  >().toBeNever();
});

test("each function of a client is a property, which can be taken off it without its owner", () => {
  // A method's parameters would be compared in both directions, and this would fit.
  expectTypeOf<(user: core.UserInput & { readonly own: 1 }) => ReturnType<core.Oplead["upsertUser"]>>().not.toExtend<
    core.Oplead["upsertUser"]
  >();
});
