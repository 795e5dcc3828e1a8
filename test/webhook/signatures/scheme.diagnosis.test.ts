import { createHmac } from "node:crypto";
import { expect, it } from "vitest";
import { hmacSignature, standardWebhooks, stripeStyle, type Verifier } from "../../../src/webhook/index.ts";
import { github, NOW, verify } from "../../support/verify-signature.ts";
import { secret, setup, told } from "../../support/webhook.ts";

const body = '{"name":"Zoé","url":"a/b"}';
const hmac = (key: string | Buffer, content = body, algorithm = "sha256") => createHmac(algorithm, key).update(content);
const hex = (key: string | Buffer, content?: string, algorithm?: string) => hmac(key, content, algorithm).digest("hex");
const reasonOf = async (verifier: Verifier, headers: Record<string, string>, arrived = body) => {
  const found = await verify(verifier, headers, arrived);
  expect(found.genuine).toBe(false);
  return found.reason;
};
const plain = (secrets: string[]) => hmacSignature({ header: "x-sig", encoding: "hex", secrets });

it.each([
  ["white space in the secret", ["hush\n"], hex("hush"), body, "white space"],
  [
    "white space in the sender's secret",
    ["hush"],
    hex("hush\n"),
    body,
    "sender's copy of the secret ends in a line break",
  ],
  ["base64 in place of hex", ["hush"], hmac("hush").digest("base64"), body, 'set encoding to "base64"'],
  ["a prefix", ["hush"], `sha256=${hex("hush")}`, body, 'begins with "sha256=": set prefix to it'],
  ["another algorithm", ["hush"], hex("hush", body, "sha1"), body, "sha1"],
  ["a secret in base64", ["aHVzaA=="], hex("hush"), body, "from base64"],
  ["a secret in hex", ["68757368"], hex("hush"), body, "from hex"],
  [
    "a body parsed and written again (indented)",
    ["hush"],
    hex("hush"),
    JSON.stringify(JSON.parse(body), null, 2),
    "raw body",
  ],
  ["a line break of the body that was lost", ["hush"], hex("hush", `${body}\n`), body, "raw body"],
  ["not hex at all", ["hush"], "no signature", body, "is not hex"],
  ["another secret", ["hush"], hex("other"), body, "fits none of the secrets"],
  [
    "a body that may have been parsed and written again",
    ["hush"],
    hex("hush", '{"name" :"Zoé","url":"a/b"}'),
    body,
    "JSON.stringify; give the webhook the raw body",
  ],
])("the log names the cause of a wrong signature: %s", async (_, secrets, signature, arrived, expected) => {
  expect(await reasonOf(plain(secrets), { "x-sig": signature }, arrived)).toContain(expected);
});

it("the log names the missing header, and the headers that may have been meant instead", async () => {
  const reason = await reasonOf(plain(["hush"]), { "x-hub-signature": "sha1=12", cookie: "a" });
  expect(reason).toBe("the header x-sig is missing; there is x-hub-signature");
  expect(await reasonOf(github(["hush"]), { "x-hub-signature-256": hex("hush") })).toContain("does not begin with");
  expect(await reasonOf(standardWebhooks({ secrets: [secret] }), {})).toContain("webhook-id is missing");
  const standard = (timestamp: string, signature: string) =>
    reasonOf(standardWebhooks({ secrets: [secret] }), {
      ...{ "webhook-id": "1", "webhook-timestamp": timestamp, "webhook-signature": signature },
    });
  expect(await standard("today", "v1,AAAA")).toContain("webhook-timestamp does not hold a Unix time");
  expect(await standard("1", "v1a,AAAA")).toContain("webhook-signature holds no signature of version v1");
  expect(await reasonOf(stripeStyle({ secrets: ["a"] }), {})).toContain("stripe-signature is missing");
  expect(await reasonOf(stripeStyle({ secrets: ["a"] }), { "stripe-signature": "v1=12" })).toContain("t=…,v1=…");
});

it("the cause of a wrong signature is not looked for in a body over 64 KiB, to spare work for forgers", async () => {
  const longest = `"${"x".repeat(65_534)}"`;
  const tooLong = `"${"x".repeat(65_535)}"`;
  const verifier = plain(["hush\n"]);
  expect(await reasonOf(verifier, { "x-sig": hex("hush", longest) }, longest)).toContain("white space");
  expect(await reasonOf(verifier, { "x-sig": hex("hush", tooLong) }, tooLong)).toBe(
    "the signature fits none of the secrets",
  );
});

it("the log says if the sender does not sign the timestamp", async () => {
  const verifier = hmacSignature({ header: "x-sig", encoding: "hex", secrets: ["hush"], timestampHeader: "x-time" });
  const headers = { "x-sig": hex("hush"), "x-time": String(NOW / 1000) };
  expect(await reasonOf(verifier, headers)).toContain("without the timestamp");
});

it("the cause of a wrong signature is logged without secret, signature and body, and not sent", async () => {
  const { handler, log, fake } = setup({ verify: plain(["hush "]) });
  const request = () =>
    new Request("http://receiver.example/", {
      method: "POST",
      headers: { "content-type": "application/json", "x-sig": hex("hush") },
      body,
    });
  const answer = await told(handler(request()));
  expect(answer).toMatchObject({ status: 401, body: { error: "invalid_signature" } });
  expect(answer.text).not.toMatch(/white|secret|hush/);
  expect(log.text).toContain("white space around it");
  expect(log.text).not.toMatch(/hush|Zoé|name/);
  expect(log.text).not.toContain(hex("hush"));
  expect(fake.requests).toEqual([]);
});
