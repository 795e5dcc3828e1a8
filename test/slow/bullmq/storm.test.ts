// Processes of the installed command, which `npm run demo:cluster` shows as well.
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { Processes } from "../../../examples/cluster/processes.ts";
import { hasRedis } from "../../support/redis-server.ts";

const demo = fileURLToPath(new URL("../../../examples/cluster/demo.ts", import.meta.url));

describe.skipIf(!hasRedis)("a storm of deliveries over two receivers, three workers and a nightly run", () => {
  it("a storm of kills, failed answers and old events leaves every account once, newest", async () => {
    const processes = new Processes();
    onTestFinished(() => processes.endAll());
    const sizes = ["--users", "600", "--events", "600", "--kills", "3", "--limit", "250"];
    const { code, stdout } = await processes.start(["--import", "tsx", demo, ...sizes], {}).ended;
    const said = (what: string) => new RegExp(`^ {2}${what} +(.+)$`, "m").exec(stdout)?.[1];
    expect(
      ["users on the server", "duplicates", "accounts not at their newest version", "workers killed"].map(said),
    ).toEqual(["600 of 600", "0", "0", "3"]);
    expect([said("jobs and users left in the queue"), code]).toEqual(["0", 0]);
    // On a busy machine answers of Redis come late, and some requests start at once.
    expect(Number.parseInt(said("requests per second at most") ?? "", 10)).toBeLessThanOrEqual(250 * 1.04);
  });
});
