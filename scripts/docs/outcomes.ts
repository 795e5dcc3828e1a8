import { readFileSync } from "node:fs";
import type { Outcome, WriteResult } from "../../src/index.ts";
import type { ApplyOptions, Reconciliation, ReportCounts, UserOutcome } from "../../src/sync/index.ts";
import type { WebhookOutcome } from "../../src/webhook/index.ts";
import type { Types } from "./interfaces.ts";
import { table } from "./options.ts";

// The compiler refuses an outcome that is missing, and one too many.
type Part<Name extends Outcome> = Readonly<Record<Name, true>>;

const written = { created: true, updated: true } as const;
const sent = { ...written, unchanged: true, stale: true, incomplete: true, failed: true } as const;
const reconciled = { ...sent, held: true } as const;
const told = { ...reconciled, skipped: true, unverifiable: true } as const;

const UPSERT: Part<WriteResult["outcome"]> = written;
const RECONCILIATION: Part<Reconciliation["outcome"]> = reconciled;
const USER: Part<UserOutcome["outcome"]> = { ...told, refreshed: true };
const COUNTS: Part<keyof ReportCounts> = {
  ...told,
  refreshed: true,
  ...{ invalid: true, duplicate: true, twin: true, notSelected: true, notApproved: true },
};
const WEBHOOK: Part<WebhookOutcome["outcome"]> = { ...sent, queued: true };
const ANSWER: Part<WebhookOutcome["outcome"] | "ignored" | "repeated"> = { ...WEBHOOK, ignored: true, repeated: true };

const RESULTS: readonly (readonly [name: string, part: Partial<Record<Outcome, true>>])[] = [
  ["`upsertUser`", UPSERT],
  ["`reconcileUser`", RECONCILIATION],
  ["`onUser`", USER],
  ["`report.counts`", COUNTS],
  ["`onOutcome`", WEBHOOK],
  ["the sender", ANSWER],
];

interface Facts {
  readonly again: string;
  readonly status: string;
  readonly action: string;
}

const nothing = { again: "when its content changes", status: "200", action: "" };
const none = { again: "", status: "", action: "" };

const FACTS: Readonly<Record<Outcome, Facts>> = {
  created: nothing,
  updated: nothing,
  refreshed: { ...nothing, again: "after `refreshAfterDays`, or when its content changes" },
  sent: nothing,
  unchanged: nothing,
  stale: { ...nothing, again: "never: the newer state counts" },
  held: { again: "as it says", status: "", action: "correct it in the source, or `retryHeld: true`" },
  incomplete: {
    again: "the failed steps: by the next run, or as a held one",
    status: "200; 503 if it may succeed later",
    action: "the advice of each failure",
  },
  failed: {
    again: "by the next run, or as a held one",
    status: "200; 503 if it may succeed later",
    action: "the advice of each failure",
  },
  skipped: { ...none, again: "by the next run", action: "correct its parent, if that is the reason" },
  notSelected: { ...none, again: "by the next run" },
  notApproved: { ...none, again: "when its plan is approved", action: "read the new plan, approve it" },
  unverifiable: { ...none, again: "by the real run" },
  invalid: { again: "when the record is right", status: "400", action: "correct the source, or `map`" },
  duplicate: { again: "when one record is left", status: "", action: "remove a record, or give a `version`" },
  twin: {
    again: "when `newUsers` names it, or the known user is moved",
    status: "",
    action: "say which: the report has the line and the command",
  },
  queued: { again: "by the worker, until it has another outcome", status: "202", action: "" },
  ignored: { ...nothing, again: "" },
  repeated: { ...nothing, again: "" },
};

const ENDS: Readonly<Record<keyof Pick<ApplyOptions, "only" | "limit" | "drain" | "signal">, string>> = {
  only: "`notSelected`",
  limit: "`notSelected`",
  drain: "`skipped`; the run is `aborted`",
  signal: "`skipped`; the run is `aborted`",
};

export function readOutcomes(outcomesPath: string): Readonly<Record<string, string>> {
  const rows = [...readFileSync(outcomesPath, "utf8").matchAll(/^ \* - ((?:`\w+`(?:, )?)+): (.*)$/gm)];
  const meanings = rows.flatMap(([, names = "", meaning = ""]) =>
    [...names.matchAll(/\w+/g)].map(([name]) => [name, meaning] as const),
  );
  return Object.fromEntries(meanings);
}

export function outcomesPage(types: Types, meanings: Readonly<Record<string, string>>): string {
  const options = types.propertiesOf("src/sync/index.ts", "ApplyOptions");
  return [
    "# Outcomes",
    "",
    "Every outcome that a user can have, and every way to bound or end a run, made from the types.",
    "",
    "A word means the same in every result. *Held* is a step that Oplead has refused, and that is not tried again until its content changes. *Refused* is an answer that says no: " +
      "Oplead's, the guard's or the package's. `refused` is the [error code](./errors.md) of a request whose content Oplead has refused.",
    "",
    "Every result for one user is a `UserResult`, a union by `outcome`: `accountNumber`, `id`, `outcome`, `applied`, `failed`, `held`, `requests`, `requestIds` and `testMode`. " +
      "What a place knows more it adds beside: `row` and `record` in a run, `deliveryId` in a webhook, `user` (Oplead's answer) in `upsertUser`.",
    "",
    table(
      ["outcome", "means", "sent again", "who says it", "webhook's status", "to do"],
      Object.entries(FACTS).map(([name, { again, status, action }]) => {
        const where = RESULTS.filter(([, part]) => name in part).map(([result]) => result);
        return [
          `\`${name}\``,
          meanings[name] ?? "",
          again,
          where.join(", "),
          where.at(-1) === "the sender" || name === "invalid" ? status : "",
          action,
        ];
      }),
    ),
    "",
    "## Ways to bound or end a run",
    "",
    "Each is an option of `plan.apply`, `planSync` and `syncUsers`. In the command `--only` and `--limit` have the same names. The first Ctrl-C is `drain`, the second ends the process. The next run sends what is left.",
    "",
    table(
      ["option", "what it does", "outcome of users that are not sent"],
      Object.entries(ENDS).map(([name, outcome]) => {
        const text = options.find((option) => option.name === name)?.text ?? "";
        return [`\`${name}\``, text, outcome];
      }),
    ),
    "",
    "Next: [read a report](../run/morning-after.md) tells what happens to failures.",
    "",
  ].join("\n");
}
