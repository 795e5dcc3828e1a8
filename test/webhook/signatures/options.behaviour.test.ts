import { expect, it } from "vitest";
import { hmacSignature, standardWebhooks, stripeStyle } from "../../../src/webhook/index.ts";
import { github } from "../../support/verify-signature.ts";

const messageOf = (make: () => unknown) => {
  try {
    make();
  } catch (error) {
    expect(error).toMatchObject({ name: "OpleadError", code: "invalid_options" });
    return (error as Error).message;
  }
  throw new Error("accepted");
};
const wrong = (value: unknown) => value as never;

it.each([[[]], [[""]], [["  "]], [[undefined]], [[new Uint8Array()]], ["hush"], [undefined], [[5]]])(
  "every scheme refuses the secrets %j",
  (secrets) => {
    expect(messageOf(() => github(wrong(secrets)))).toContain("secrets");
    expect(messageOf(() => standardWebhooks({ secrets: wrong(secrets) }))).toContain("secrets");
    expect(messageOf(() => stripeStyle({ secrets: wrong(secrets) }))).toContain("secrets");
  },
);

it("one error lists every wrong option of a scheme, without its value", () => {
  const message = messageOf(() =>
    hmacSignature(
      wrong({
        header: "a b",
        encoding: "utf8",
        algorithm: "md5",
        prefix: 1,
        secrets: [],
        signedContent: "{body}",
        toleranceSeconds: -1,
      }),
    ),
  );
  for (const name of ["header", "encoding", "algorithm", "prefix", "secrets", "signedContent", "toleranceSeconds"]) {
    expect(message).toContain(`- ${name}:`.replace("- secrets:", "- secrets"));
  }
  expect(
    messageOf(() => hmacSignature({ header: "a", encoding: "hex", secrets: ["a"], toleranceSeconds: 9 })),
  ).toContain("timestampHeader");
  expect(messageOf(() => standardWebhooks({ secrets: ["not base64!"] }))).toContain("base64");
  expect(messageOf(() => standardWebhooks({ secrets: ["not base64!"] }))).not.toContain("not base64!");
  const stripe = messageOf(() => stripeStyle({ secrets: ["a"], header: "a:b", toleranceSeconds: 0 }));
  expect(stripe).toContain("- header: must be the name of a header");
  expect(stripe).toMatch(/- toleranceSeconds: must be/);
});

it.each([
  [undefined, "is missing: is the environment variable set?"],
  [null, "is missing: is the environment variable set?"],
  ["  ", "must not be empty"],
  [new Uint8Array(), "must not be empty"],
  [5, "must be text or bytes"],
])("the secret %j is refused, and the message says that it %s", (secret, reason) => {
  expect(messageOf(() => github(wrong(["good", secret])))).toContain(`secrets[1]: ${reason}`);
});

it("a secret may be text or bytes, and each scheme needs one at least", () => {
  expect(() => github(["hush", new Uint8Array([1])])).not.toThrow();
  expect(messageOf(() => github([]))).toContain("must be a list with at least one secret");
});

it.each([0, 0.5, 10 * 365 * 24 * 60 * 60 + 1, Number.NaN, "300"])("the tolerance %j is refused", (toleranceSeconds) => {
  expect(messageOf(() => stripeStyle({ secrets: ["a"], toleranceSeconds: wrong(toleranceSeconds) }))).toContain(
    "toleranceSeconds: must be",
  );
});

it.each(["", " a", "a ", "a b", "a:b", 1])("the header of a signature may not be called %j", (header) => {
  expect(messageOf(() => stripeStyle({ secrets: ["a"], header: wrong(header) }))).toContain(
    "header: must be the name of a header",
  );
});
