import { expect, it } from "vitest";
import { hmacSignature, standardWebhooks, stripeStyle } from "../../../src/webhook/index.ts";
import { github } from "../../support/verify-signature.ts";

const messageOf = (make: () => unknown): string => {
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
  "Every scheme refuses the secrets %j",
  (secrets) => {
    expect(messageOf(() => github(wrong(secrets)))).toContain("secrets");
    expect(messageOf(() => standardWebhooks({ secrets: wrong(secrets) }))).toContain("secrets");
    expect(messageOf(() => stripeStyle({ secrets: wrong(secrets) }))).toContain("secrets");
  },
);

it("Every wrong option of a scheme is listed at once, without its value", () => {
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
