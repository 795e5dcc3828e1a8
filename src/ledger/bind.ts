import type { Oplead } from "../client/api.ts";
import { internalsOf } from "../client/client-state.ts";
import { OpleadError } from "../core/errors.ts";
import { issueAt } from "../core/issues.ts";
import { tellStore } from "../locales/en/core.ts";
import type { Ledger, LedgerPlatform } from "./ledger.ts";
import { useLedger } from "./ledger.ts";

// Platforms of the ledgers that this process has asked: each is asked once.
const bound = new WeakMap<Ledger, string>();

// Ledgers that are bound when the platform has answered. Until then they may belong to another platform.
const adopting = new WeakMap<Ledger, string>();

interface BindOptions {
  readonly adoptPlatform?: boolean | undefined;
  readonly readOnly?: boolean;
}

// An Oplead ID means another user on another platform. An address that does not answer binds nothing: call this before
// a request, and `bindIfAnswered` after it.
export async function bindLedger(
  ledger: Ledger,
  oplead: Oplead,
  { adoptPlatform = false, readOnly = false }: BindOptions = {},
): Promise<void> {
  if (isBound(ledger, oplead)) return;
  const platform = platformOf(oplead);
  const identity = identityOf(platform);
  const stored = (await useLedger(async () => ledger.getInfo()))?.platform;
  const isSame = stored !== undefined && identityOf(stored) === identity;
  const mayAdopt = adoptPlatform || adopting.get(ledger) === identity;
  if (stored && !isSame && !mayAdopt) throw mismatch(stored, platform);
  if (!isSame) {
    if (readOnly) return;
    if (adoptPlatform) adopting.set(ledger, identity);
    const { logger } = internalsOf(oplead).transport.settings;
    if (!internalsOf(oplead).transport.platform.hasAnswered) return;
    await useLedger(async () => ledger.setInfo({ platform }));
    const before = stored ? `the ledger of ${describe(stored)}` : "the ledger belonged to no platform yet and";
    const line = `oplead-sdk: ${before} now belongs to ${describe(platform)}${stored ? " (adoptPlatform)" : ""}`;
    logger?.[stored ? "warn" : "info"](line, { event: "ledger_bound", code: stored && "adopted" });
  }
  bound.set(ledger, identity);
  adopting.delete(ledger);
}

export async function bindIfAnswered(ledger: Ledger, oplead: Oplead): Promise<void> {
  if (internalsOf(oplead).transport.platform.hasAnswered && !isBound(ledger, oplead)) await bindLedger(ledger, oplead);
}

function isBound(ledger: Ledger, oplead: Oplead): boolean {
  return bound.get(ledger) === identityOf(platformOf(oplead));
}

function mismatch(stored: LedgerPlatform, platform: LedgerPlatform): OpleadError {
  return new OpleadError(
    "ledger_mismatch",
    `The ledger belongs to ${describe(stored)}, and this client to ${describe(platform)}. Ids of one platform belong to ` +
      "other users on another, so nothing was sent. Use another ledger for this platform. If it is the same platform under " +
      "a new address or name, pass advanced: { adoptPlatform: true } to planSync once.",
    { issues: [issueAt("", tellStore("ledger_platform", { stored: describe(stored), current: describe(platform) }))] },
  );
}

// Unique: addresses contain no spaces.
export function identityOf({ baseUrl, name }: LedgerPlatform): string {
  return name === undefined ? baseUrl : `${baseUrl} ${name}`;
}

export function describe({ baseUrl, name }: LedgerPlatform): string {
  return name === undefined ? baseUrl : `${baseUrl} (${name})`;
}

export function platformOf(oplead: Oplead): LedgerPlatform {
  const { baseUrl, platform } = internalsOf(oplead).transport.settings;
  return { baseUrl, name: platform };
}
