import { type } from "arktype";
import * as v from "valibot";
import { describe, expectTypeOf, test } from "vitest";
import * as z from "zod";
import type { Oplead } from "../../src/index.ts";
import { type Ledger, planSync } from "../../src/sync/index.ts";
import { createUserWebhook, type UserWebhookOptions, type WebhookQueue } from "../../src/webhook/index.ts";

declare const oplead: Oplead;
declare const ledger: Ledger;
declare const queue: WebhookQueue;
const verify = "none";

describe("an event schema", () => {
  test("map gets the output of the schema, whether the schema is made with Zod, Valibot or ArkType", () => {
    const event = z.object({ at: z.coerce.date(), name: z.string() });
    const map = (given: { at: Date; name: string }) => given && null;
    createUserWebhook(oplead, {
      verify,
      event,
      map: (given) => {
        expectTypeOf(given).toEqualTypeOf<{ at: Date; name: string }>();
        return null;
      },
    });
    createUserWebhook(oplead, { verify, event, map });
    createUserWebhook(oplead, {
      verify,
      event: v.object({ name: v.string() }),
      deliveryId: ({ name }) => name,
      map: (given) => {
        expectTypeOf(given).toEqualTypeOf<{ name: string }>();
        return null;
      },
    });
    createUserWebhook(oplead, {
      verify,
      event: type({ number: "number", at: type("string").pipe((text) => new Date(text)) }),
      map: (given) => {
        expectTypeOf(given).toEqualTypeOf<{ number: number; at: Date }>();
        return null;
      },
    });
    // @ts-expect-error map wants another event than the schema gives
    createUserWebhook(oplead, { verify, event, map: (given: { number: number }) => given && null });
  });

  test("without a schema, map declares its own input type", () => {
    createUserWebhook(oplead, { verify, map: ({ number }: { number: number }) => (number ? null : null) });
  });

  test("a map whose result has the type any compiles, for null is any without strict", () => {
    createUserWebhook(oplead, { verify, map: (text: string) => JSON.parse(text) });
    createUserWebhook(oplead, { verify, map: (text: string) => [JSON.parse(text)] });
    void planSync(oplead, { source: ["{}"], ledger, map: async (text) => JSON.parse(text) });
  });
});

describe("a ledger beside a queue", () => {
  const map = () => null;

  test("a webhook takes a ledger or a queue, and not both", () => {
    createUserWebhook(oplead, { verify, map, ledger });
    createUserWebhook(oplead, { verify, map, queue });
    // @ts-expect-error the workers of the queue have the ledger
    createUserWebhook(oplead, { verify, map, queue, ledger });
    // @ts-expect-error also where the options are made beforehand
    const options: UserWebhookOptions = { verify, map, queue, ledger };
    createUserWebhook(oplead, options);
  });
});
