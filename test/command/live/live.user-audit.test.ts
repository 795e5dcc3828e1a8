import { join } from "node:path";
import { expect, it } from "vitest";
import { UserAudit } from "../../../src/command/live/live.ts";
import type { Output } from "../../../src/command/shell/output.ts";
import { readAudit } from "../../../src/parts.ts";
import { folderWith } from "../../support/folder.ts";

const user = {
  accountNumber: "A",
  id: "1",
  outcome: "updated",
  final: true,
  testMode: false,
  fields: [],
  applied: [],
  failed: [],
  held: [],
  requests: 1,
  requestIds: [],
} as const;

async function audited(audit: string | false) {
  const said: string[] = [];
  const output = { error: (text: string) => said.push(text) } as unknown as Output;
  const folder = await folderWith({});
  const file = new UserAudit({ file: "", folder, target: undefined, config: { audit } }, "worker", output);
  for (let time = 0; time < 3; time += 1) file.write(({ onUser }) => onUser(user));
  return { code: await file.close(), missing: file.missing, said, lines: [...readAudit(join(folder, "audit.jsonl"))] };
}

it("a worker that cannot write its audit goes on, says so, and ends with exit code 1", async () => {
  expect(await audited("nowhere/audit.jsonl")).toMatchObject({
    ...{ code: 1, missing: 3 },
    said: [
      expect.stringContaining("cannot be written (ENOENT). Users are sent all the same."),
      "The audit lacks 3 lines.",
    ],
  });
  expect(await audited("audit.jsonl")).toMatchObject({ code: 0, missing: 0, said: [], lines: [{}, {}, {}] });
  expect(await audited(false)).toMatchObject({ code: 0, missing: 0, lines: [] });
});
