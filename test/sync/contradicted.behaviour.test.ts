import { join } from "node:path";
import { expect, it } from "vitest";
import { among } from "../../src/sync/findings.ts";
import { fileLedger, syncUsers } from "../../src/sync/index.ts";
import { folderWith } from "../support/folder.ts";
import { connect } from "../support/servers.ts";
import { type StandIn, standIn } from "../support/stand-in.ts";
import { user } from "../support/users.ts";

async function nightIn(folder: string, platform: StandIn) {
  await using ledger = fileLedger(join(folder, "ledger"));
  platform.seen.length = 0;
  const oplead = connect(platform.url, { platform: { settleMs: 0 } });
  const report = await syncUsers(oplead, {
    source: [user(1, { lastname: "Newer" })],
    map: (one) => ({ user: one }),
    ledger,
    guard: false,
  });
  const sent = platform.seen.map(({ method, url }) => `${method} ${url}`).filter((one) => /users/.test(one));
  return { report, sent };
}

it.each(["json", "html", "empty"] as const)(
  "a duplicate behind a gateway that answers PUT with a 404 (%s) is sent once PUT works again",
  async (form) => {
    const [platform, folder] = [await standIn(), await folderWith()];
    platform.has(user(1));
    platform.gateway.isOn = true;
    platform.gateway.form = form;
    const first = await nightIn(folder, platform);
    expect(first.report).toMatchObject({ status: "partial", counts: { created: 0, failed: 1 } });
    expect(among(first.report.findings, "failed")).toMatchObject([{ accountNumber: "ACC-1", held: false }]);
    // Other paths answer with JSON, so an HTML page must come from a gateway.
    expect(first.sent.includes("POST /v1/users")).toBe(form !== "html");

    platform.gateway.isOn = false;
    const second = await nightIn(folder, platform);
    expect(second.report).toMatchObject({ status: "complete", counts: { held: 0, failed: 0, updated: 1 } });
    expect(second.sent).toEqual(["PUT /v1/users/ACC-1"]);
    expect(platform.users).toMatchObject([{ user: { accountNumber: "ACC-1", lastname: "Newer" } }]);
    expect((await nightIn(folder, platform)).sent).toEqual([]);
  },
);
