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
