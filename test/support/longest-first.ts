import { BaseSequencer, type TestSpecification } from "vitest/node";

// Vitest knows durations from earlier runs only, and a fresh clone has none. Files that mostly wait lie between those
// that compute.
const LONGEST = [
  // They wait for downloads.
  "test/slow/peers.test.ts",
  "test/slow/service.test.ts",
  "test/slow/docs/axe.test.ts",
  "test/slow/node-versions.test.ts",
  "test/slow/bullmq/worker.test.ts",
  "test/slow/schema/verdicts.test.ts",
  "test/slow/redis/sentinel.test.ts",
  "test/slow/docs/site.test.ts",
  "test/slow/bullmq/command.test.ts",
  "test/slow/schema/command.test.ts",
  // It uses what peers.test.ts has installed by then.
  "test/slow/testkit/consumers.test.ts",
  "test/slow/bullmq/user-queue.test.ts",
  "test/slow/docs/blocks.test.ts",
  "test/slow/types.test.ts",
  "test/slow/sync/pages/pages.test.ts",
  "test/slow/coverage/report.test.ts",
  "test/slow/command/signals.test.ts",
  "test/slow/schema/pull.test.ts",
  "test/coverage/policies/policies.property.test.ts",
  "test/command/french.behaviour.test.ts",
  "test/slow/command/usage.test.ts",
  "test/slow/release.test.ts",
  "test/slow/command/runs.test.ts",
  "test/slow/sync/unchanged.test.ts",
  "test/testing/conformance.behaviour.test.ts",
  "test/slow/command/moves.test.ts",
  "test/coverage/coverage.property.test.ts",
  "test/transport/limiter/rate.test.ts",
  "test/slow/command/trouble.test.ts",
  "test/slow/docs/pages.test.ts",
  "test/slow/readme.test.ts",
  "test/command/commands.test.ts",
  "test/slow/bullmq/plan.behaviour.test.ts",
  "test/slow/docs/browser.test.ts",
  "test/command/commands/ledger-export.behaviour.test.ts",
  "test/slow/command/approval.test.ts",
  "test/slow/bullmq/cost.test.ts",
  "test/slow/command/ledger.test.ts",
  "test/slow/command/alerts.test.ts",
  "test/transport/send-fetch.test.ts",
  "test/transport/msw.behaviour.test.ts",
  "test/reconcile/change-entry.lease.test.ts",
  "test/client/with.behaviour.test.ts",
  "test/probe/probe.test.ts",
  "test/probe/with-facts.behaviour.test.ts",
  "test/sync/plan/ledger-snapshot.retry-policy.behaviour.test.ts",
  "test/sync/ledger-key.behaviour.test.ts",
  "test/sync/approval.behaviour.test.ts",
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { root } = this.ctx.config;
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = LONGEST.findIndex((file) => moduleId === `${root}/${file}`);
      return at < 0 ? LONGEST.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
