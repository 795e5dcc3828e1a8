import * as z from "zod/mini";
import { issueAt, type OpleadIssue } from "../base/issues.ts";
import { isPlainHttp } from "../base/loopback.ts";
import { isRecord } from "../base/validation/is-object.ts";
import { ledger } from "../base/validation/parts.ts";
import {
  boolean,
  checkedBy,
  func,
  issueFinder,
  MAX_TIMER_MS,
  number,
  type OptionalKinds,
  oneOf,
  options,
  record,
  report,
  requireNoIssues,
  type Schema,
  says,
  text,
} from "../base/validation/validate.ts";
import { tellConfig } from "../locales/en/config.ts";
import { tellOption, tellValue } from "../locales/en/core.ts";
import type { AlertTarget, NotifyOptions, NotifySettings } from "./options.ts";
import { type DescribedTarget, KIND_NAMES, kindOf } from "./targets.ts";

const target = (): Schema =>
  z.custom().check((payload) => {
    const { value } = payload;
    if (typeof value === "function") return;
    const kind = isRecord(value) ? kindOf(value) : undefined;
    if (kind === undefined) report(payload, tellConfig("not_alert_target", { fields: KIND_NAMES }));
    else checkedBy(options({}, kind.fields()))(payload);
  });

const targets = (): Schema => z.array(target(), says(tellValue("not_list")));

const shared = (): OptionalKinds<Omit<NotifySettings, "targets">> => ({
  language: oneOf("en", "fr"),
  name: text(),
  timeoutMs: number(1, MAX_TIMER_MS),
  allowHttp: boolean(),
  fetch: func(),
});

const findTargetIssues = /* @__PURE__ */ issueFinder(targets);
const findSettingIssues = /* @__PURE__ */ issueFinder(() => options<NotifySettings>(shared(), { targets: targets() }));
const findOptionIssues = /* @__PURE__ */ issueFinder(() =>
  options<NotifyOptions>({ ...shared(), ledger: ledger(), backup: record(), target: text() }),
);

/** `notify` of a config: a list of targets, or an object with more. */
function readNotify(notify: readonly AlertTarget[] | NotifySettings): NotifySettings {
  return "targets" in notify ? notify : { targets: notify };
}

export function notifyIssues(notify: unknown): OpleadIssue[] {
  const isList = Array.isArray(notify);
  const issues = isList ? findTargetIssues(notify) : findSettingIssues(notify);
  if (issues.length > 0) return issues;
  const { targets, allowHttp } = readNotify(notify as readonly AlertTarget[] | NotifySettings);
  return plainIssues(isList ? "" : "targets", targets, allowHttp);
}

/** @throws {@link OpleadError} `invalid_options`, with every problem. */
export function checkNotifiers(targets: readonly AlertTarget[], given: NotifyOptions): void {
  const issues = [...findTargetIssues(targets), ...findOptionIssues(given)];
  requireNoIssues("notifiers: wrong options", issues.length > 0 ? issues : plainIssues("", targets, given.allowHttp));
}

/** Targets whose address can be read on its way. */
function plainIssues(path: string, targets: readonly AlertTarget[], allowHttp: boolean | undefined): OpleadIssue[] {
  if (allowHttp) return [];
  return targets.flatMap((one, index) => {
    const { address } = kindOf(one) ?? {};
    if (address === undefined || !isPlainHttp(String((one as DescribedTarget)[address]))) return [];
    return [issueAt(`${path}[${index}].${address}`, tellOption("plain_http"))];
  });
}
