import type { Command } from "commander";
import type { FindingDetails, Ledger, SyncPlan, UserDiff } from "oplead-sdk/sync";
import { answerIn, diffLines, fieldIn, readAudit, type TimelineEvent, type UserTimeline, userTimeline } from "#parts";
import { localTime } from "../../locales/grammar.ts";
import type { Action, Context } from "../command.ts";
import { CommandError, EXIT } from "../exit.ts";
import { makePlan } from "../run/make-plan.ts";
import { supportText } from "../run/notes.ts";
import { auditPath, platformOf } from "../run/trace.ts";
import { adviceText, inEnglish, languageName, type Sayable, say, separated, told } from "../say.ts";
import { failureOf, userText } from "../shell/failure.ts";
import { type ConfigFlags, configFlags, helpNote } from "../shell/program.ts";
import { inWorkspace, type Workspace } from "../workspace/workspace.ts";
import { reasonsOf } from "./plan.ts";

interface WhyFlags extends ConfigFlags {
  readonly plan: boolean;
  readonly reveal?: boolean;
  readonly support?: boolean;
}

export function define(command: Command): Action<WhyFlags> {
  command.argument("<account>", say("why_account"));
  configFlags(command)
    .option("--no-plan", say("why_no_plan"))
    .option("--reveal", say("why_reveal"))
    .option("--support", say("why_support"));
  helpNote(command, say("why_notes"));
  return async (context, args, flags) => {
    if (flags.support) return support(context, args, flags);
    try {
      return await tell(true)(context, args, flags);
    } catch (error) {
      const { error: failure, said } = failureOf(error, false);
      if (failure.code !== "ledger_unavailable") throw error;
      context.output.warn(say("ledger_left_out", { message: said }));
      // Standard input cannot be read twice, and an answer without a plan needs no token.
      return await tell(false)(context, args, { ...flags, plan: false, tokenStdin: false });
    }
  };
}

const tell = (usesLedger: boolean): Action<WhyFlags> =>
  inWorkspace<WhyFlags>(
    [],
    async (workspace, context, [asked = ""], flags) => {
      const { loaded, config } = workspace;
      const ledger = usesLedger ? workspace.ledger : undefined;
      const { lateMs } = config.client?.platform ?? {};
      const where = { audit: auditPath(loaded), ledger, platform: platformOf(loaded), lateMs };
      const about = async (user: string) => {
        const timeline = await userTimeline(user, where);
        const plan = flags.plan
          ? await tonight(workspace, context, user, flags.reveal)
          : unknown(told(usesLedger ? "not_asked" : "ledger_is_in_use"));
        const { events, inLedger, movedFrom, movedTo } = timeline;
        const isKnown = inLedger || movedTo !== undefined || events.length + movedFrom.length > 0;
        return { user, timeline, plan, isUnknown: !isKnown && ["unknown", "none"].includes(plan.asJson.action) };
      };
      let found = await about(asked);
      if (found.isUnknown) {
        const named = flags.plan ? await workspace.names.find(asked, context) : [];
        const others = named.length > 0 ? named : await similarUsers(asked, where.audit, ledger);
        const [only] = others;
        if (only === undefined || others.length > 1) {
          const what =
            only === undefined
              ? told("user_unknown", { user: asked })
              : told("user_unknown_similar", { user: asked, others: others.slice(0, PROPOSED) });
          throw new CommandError("not_found", what, EXIT.error, { similar: others.slice(0, PROPOSED) });
        }
        found = await about(only);
      }
      const { user, timeline, plan } = found;
      const name = workspace.names.named(user);
      context.output.result(lines(timeline, plan, name).join("\n"), { ...timeline, plan: plan.asJson });
      return EXIT.success;
    },
    { usesLedger },
  );

const support = inWorkspace<WhyFlags>(
  [],
  async ({ loaded }, { output }, [account = ""]) => {
    const text = supportText(loaded, account);
    if (text === undefined) {
      const message = told("no_failure_noted", {
        user: account,
      });
      throw new CommandError("not_found", message);
    }
    output.result(text, { accountNumber: account, text });
    return EXIT.success;
  },
  { usesLedger: false },
);

function lines(timeline: UserTimeline, plan: Tonight, name: string): string[] {
  const { id, events, held, missingSince, leaverDone, movedFrom, movedTo, intent, inLedger } = timeline;
  const last = events.findLast(({ failed }) => failed.length > 0);
  const moves = movedFrom.map(({ accountNumber: from, by }) => {
    return {
      time: by ?? "",
      text: say("moved_from", { user: from }),
      how: by === undefined ? say("move_still_to_tell") : "",
    };
  });
  const done = events.map((event) => ({
    time: event.time,
    text: userText(event),
    how: say("by_how", { how: howText(event) }),
    after: event === last ? event.advice.map((advice) => `    ${adviceText(advice)}`) : [],
  }));
  return [
    (id === undefined ? say("user_without_id", { user: name }) : say("user_with_id", { user: name, id })) +
      (inLedger === false ? say("not_in_ledger") : ""),
    ...inOrder([...moves.filter(({ time }) => time !== ""), ...done]),
    ...moves.filter(({ time }) => time === "").map(({ text, how }) => `  ${text}${how}`),
    ...(movedTo === undefined ? [] : [say("moved_to", { user: movedTo })]),
    ...held.map(({ since, until, advice, ...failure }) => {
      const how = { since: localTime(since), until: localTime(until), failure: answerIn(languageName(), failure) };
      return `${say("held_since_or_until", how)}\n    ${adviceText(advice)}`;
    }),
    ...(missingSince === undefined ? [] : [say("missing_from_source_since", { time: localTime(missingSince) })]),
    ...(leaverDone === undefined ? [] : [say("dealt_with_on", { time: localTime(leaverDone) })]),
    ...(intent === undefined ? [] : [say("may_arrive", { at: localTime(intent.at), until: localTime(intent.until) })]),
    say("tonight", { what: plan.told }),
    ...(plan.asJson.diff === undefined
      ? []
      : (languageName() === "en" ? String(plan.asJson.diff).split("\n") : diffLines(plan.asJson.diff, languageName()))
          .slice(1)
          .map((line) => `  ${line}`)),
  ];
}

function howText({ origin, run, delivery, accountNumber: _ }: TimelineEvent): string {
  return [origin, run ?? delivery ?? []].flat().join(" ");
}

interface Happening {
  readonly time: string;
  readonly text: string;
  readonly how: string;
  readonly after?: readonly string[];
}

// Lines that repeat every night are shown once.
function inOrder(all: readonly Happening[]): string[] {
  const groups: Happening[][] = [];
  for (const one of [...all].sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))) {
    const group = groups.at(-1);
    if (group?.[0]?.text === one.text) group.push(one);
    else groups.push([one]);
  }
  return groups.flatMap((group) => {
    const [first, last] = [group[0], group.at(-1)] as [Happening, Happening];
    const again = group.length === 1 ? "" : say("times_until", { count: group.length, time: localTime(last.time) });
    return [
      `  ${localTime(first.time)}  ${first.text}${first.how}${again}`,
      ...group.flatMap(({ after = [] }) => after),
    ];
  });
}

const PROPOSED = 5;

// Account numbers that begin or end with the asked one, such as HR-1198 for 1198.
async function similarUsers(
  asked: string,
  audit: string | undefined,
  ledger: Ledger | undefined,
): Promise<readonly string[]> {
  const plain = (number: string): string => number.replace(/[^\p{L}\p{N}]/gu, "").toLowerCase();
  const wanted = plain(asked);
  const found = new Set<string>();
  const compare = (number: string): void => {
    const one = plain(number);
    if (one !== "" && wanted !== "" && (one.endsWith(wanted) || one.startsWith(wanted))) found.add(number);
  };
  if (ledger) for await (const [number] of ledger.entries()) compare(number);
  if (audit !== undefined) for (const line of readAudit(audit)) if (line.event === "user") compare(line.accountNumber);
  return [...found].sort((a, b) => a.length - b.length || (a < b ? -1 : 1)).slice(0, PROPOSED);
}

interface Tonight {
  readonly asJson: TonightJson;
  readonly told: Sayable;
}

interface TonightJson {
  // `none`: the user is unknown, or nothing is to be sent. `unknown`: the message says why.
  readonly action: "create" | "update" | "retry" | "refresh" | keyof FindingDetails | "unchanged" | "none" | "unknown";
  readonly message: string;
  readonly refusals: readonly string[];
  readonly diff?: UserDiff | undefined;
}

// Plans all users, because a change depends on the parent, on other records and on the guard.
async function tonight(workspace: Workspace, context: Context, account: string, reveal = false): Promise<Tonight> {
  const { source, map, refreshAfterDays: days } = workspace.config;
  if (source === undefined || map === undefined) return unknown(told("config_without_source"));
  try {
    const plan = await makePlan(workspace, context);
    const refresh = days === undefined ? told("refreshed_never") : told("refreshed_every", { days });
    const [action, what] =
      (await ofUser(plan, account)) ??
      ((await workspace.ledger.get(account))?.id === undefined
        ? (["none", told("source_without_user")] as const)
        : (["unchanged", told("tonight_unchanged", { user: account, refresh })] as const));
    const refusals = plan.refusals.map(({ code }) => code);
    const diff = reveal ? plan.diff(account, { reveal }) : undefined;
    if (refusals.length === 0) return found(action, what, refusals, diff);
    return found(action, told("tonight_guard_refuses", { what }), refusals, diff);
  } catch (error) {
    const { error: failure, said } = failureOf(error, context.interrupts.happened);
    return { ...unknown(failure.message), told: told("not_known_because", { why: said }) };
  }
}

async function ofUser(plan: SyncPlan, account: string): Promise<readonly [TonightJson["action"], Sayable] | undefined> {
  const isAsked = (user: { readonly accountNumber: string | undefined }) => user.accountNumber === account;
  const change = plan.changes.find(isAsked);
  if (change) {
    const { kind, fields, rules, fieldsUnknown } = change;
    const named = (path: string) => ({ here: fieldIn(languageName(), path), english: fieldIn("en", path) });
    const what = [...fields.map(named), ...(fieldsUnknown ? [told("unknown_fields")] : []), ...rules.map(named)];
    const verb = {
      new: "create",
      changed: "update",
      retried: "retry",
      leaver: "leaver",
      refreshed: "refresh",
    } as const;
    const words = {
      new: "tonight_create",
      changed: "tonight_update",
      retried: "tonight_once_more",
      leaver: "tonight_leaver_rules",
      refreshed: "tonight_refresh",
    } as const;
    return [verb[kind], told("name_and_what", { name: told(words[kind]), what: separated(what, ", ") })];
  }
  const [first] = plan.findings.filter((one) => isAsked(one) && one.kind !== "suspicious");
  if (first === undefined) return undefined;
  if (first.kind === "stale") return ["stale", told("tonight_stale")];
  if (first.kind === "leaver") {
    return ["leaver", told("tonight_missing", { state: told(first.state), days: first.days })];
  }
  return [first.kind, told("tonight_nothing", { why: separated(await reasonsOf(plan, account, false), " ") })];
}

function unknown(why: Sayable): Tonight {
  return found("unknown", told("not_known_because", { why }));
}

function found(
  action: TonightJson["action"],
  what: Sayable,
  refusals: readonly string[] = [],
  diff?: TonightJson["diff"],
): Tonight {
  return { asJson: { action, message: inEnglish(what), refusals, diff }, told: what };
}
