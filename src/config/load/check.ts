import { auditPlace } from "../../audit/files.ts";
import { isOpleadError } from "../../base/errors.ts";
import { issueAt, type OpleadIssue, within } from "../../base/issues.ts";
import { isPlain } from "../../base/validation/is-object.ts";
import * as check from "../../base/validation/validate.ts";
import { createOplead } from "../../client/oplead.ts";
import { keyShape } from "../../ledger/fingerprints.ts";
import { tellConfig } from "../../locales/en/config.ts";
import { tellValue } from "../../locales/en/core.ts";
import { notifyIssues } from "../../notify/read-options.ts";
import { coverageKinds, lastingKinds, sourceOf } from "../../sync/read-options.ts";
import type { CoverageSettings, FakeSettings, OpleadConfig, ProbeSettings } from "../config.ts";
import { variableIssues } from "../env.ts";
import { settingsOf } from "../sources/source.ts";

/** A part of a config that a command may need. */
export type ConfigPart = "client" | "source" | "map" | "webhook" | "queue" | "notify";

/** Every problem of a config, after its target was merged, with its path. */
export function configIssues(config: OpleadConfig, needs: readonly ConfigPart[]): OpleadIssue[] {
  const needsClient = needs.includes("client");
  // A command that asks Oplead for nothing runs without a token.
  const missing = missingVariables(needsClient ? config : { ...config, client: undefined });
  const seen = new Set(missing.map(({ path }) => path));
  const absent = needs
    .filter((part) => part !== "client" && config[part] === undefined)
    .map((part) => issueAt(part, tellConfig("needed")));
  const { ledger, ledgerKey, notify } = config;
  if (notify !== undefined) absent.push(...notifyIssues(notify).map((found) => within("notify", found)));
  const isUnused = ledgerKey !== undefined && typeof ledger === "object" && ledger.keyPlace !== "option";
  if (isUnused) absent.push(issueAt("ledgerKey", tellConfig("key_without_ledger")));
  const others = [...absent, ...findIssues(config), ...(needsClient ? clientIssues(config.client) : [])];
  // A missing variable is the cause of what else is wrong with the value.
  return [...missing, ...others.filter(({ path }) => !seen.has(path))];
}

const findIssues: check.FindIssues = check.issueFinder(() => {
  const isText = (value: unknown): boolean => typeof value === "string" && value.trim() !== "";
  const object = check.valueThat(isPlain, tellValue("not_object"));
  const list = check.valueThat(Array.isArray, tellValue("not_list"));
  const config = check.options<OpleadConfig>({
    client: object,
    source: sourceOf(tellConfig("not_source")),
    map: check.func(),
    ...lastingKinds(),
    ledger: check.unless(
      isText,
      check.withMethods(["get", "replace", "entries", "readNote", "close"], tellConfig("not_ledger_or_folder")),
    ),
    ...keyShape(),
    webhook: object,
    queue: object,
    coverage: check.unless(
      (value) => typeof value === "boolean",
      check.options<CoverageSettings>({ universe: check.record(), company: check.text(), ...coverageKinds() }),
    ),
    notify: check.valueThat(() => true, tellValue("not_list")),
    audit: check.falseOr(check.unless(isText, auditPlace())),
    facts: check.falseOr(check.unless(isText, object)),
    probe: check.options<ProbeSettings>({ allowTestCreate: check.boolean(), lagMs: check.wholeNumber(0, 60_000) }),
    fake: check.options<FakeSettings>({ profiles: list, disabledRules: list }),
    trigger: object,
    targets: object,
  });
  return config;
});

function clientIssues(client: unknown): OpleadIssue[] {
  if (client !== undefined && !isPlain(client)) return [];
  try {
    createOplead(client);
    return [];
  } catch (error) {
    if (!isOpleadError(error) || error.issues === undefined) throw error;
    return error.issues.map((found) => ({ ...found, path: found.path === "" ? "client" : `client.${found.path}` }));
  }
}

/** Where the config uses environment variables that are not set. */
function missingVariables(value: unknown, path = ""): OpleadIssue[] {
  const missing = variableIssues(path, typeof value === "string" ? value : settingsOf(value).join(" "));
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) {
    return value.flatMap((item, at) => variableIssues(`${path}[${at}]`, item));
  }
  if (Array.isArray(value) && path.startsWith("notify")) {
    return value.flatMap((item, at) => missingVariables(item, `${path}[${at}]`));
  }
  if (missing.length > 0 || !isPlain(value)) return missing;
  return Object.entries(value).flatMap(([name, inner]) =>
    // The targets that were not chosen may name variables of other machines.
    path === "" && name === "targets" ? [] : missingVariables(inner, path === "" ? name : `${path}.${name}`),
  );
}
