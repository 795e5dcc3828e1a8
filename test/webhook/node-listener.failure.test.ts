import { expect, it } from "vitest";
import { toNodeListener } from "../../src/webhook/index.ts";
import { serve } from "../support/webhook.ts";

it("toNodeListener answers 500 if the function around the webhook throws, and the server goes on", async () => {
  const url = await serve(
    toNodeListener(async (request) => {
      if (request.headers.get("x-tenant") === null) throw new Error("no tenant in this request");
      return new Response("fine");
    }),
  );
  const failed = await fetch(url, { method: "POST", body: "{}" });
  expect([failed.status, await failed.text()]).toEqual([500, ""]);
  const next = await fetch(url, { method: "POST", body: "{}", headers: { "x-tenant": "a" } });
  expect([next.status, await next.text()]).toEqual([200, "fine"]);
});
