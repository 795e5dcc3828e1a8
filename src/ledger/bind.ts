import type { Oplead } from "../client/api.ts";
import { internalsOf } from "../client/client-state.ts";
import { OpleadError } from "../core/errors.ts";
import { issueAt } from "../core/issues.ts";
import { tellStore } from "../locales/en/core.ts";
import type { Ledger, LedgerPlatform } from "./ledger.ts";
import { useLedger } from "./ledger.ts";

/**
 * For each ledger, the platform that it belongs to, as {@link identityOf} writes it. So this process asks each ledger
 * only once.
 */
const bound = new WeakMap<Ledger, string>();

/**
 * The platform to which a ledger will be bound when that platform has answered. The ledger may belong to another
 * platform until then.
 */
const adopting = new WeakMap<Ledger, string>();

interface BindOptions {
  readonly adoptPlatform?: boolean | undefined;
  readonly readOnly?: boolean;
}

/**
 * Makes sure that a ledger belongs to a platform. The same Oplead ID means another user on another platform. So with
 * the ledger of another platform, the wrong users would be overwritten. A ledger without a platform is bound to this
 * one once the platform has answered the client: an address that does not answer binds nothing. Call this before a
 * request, and {@link bindIfAnswered} after it. `readOnly`: only compares and does not bind, as in test mode.
 *
 * @throws {@link OpleadError} `ledger_mismatch` if it belongs to another platform; `ledger_unavailable`.
 */
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

/**
 * Binds a ledger that {@link bindLedger} could not bind yet, if the platform has answered meanwhile. Does nothing if
 * the ledger is bound already.
 */
export async function bindIfAnswered(ledger: Ledger, oplead: Oplead): Promise<void> {
  if (internalsOf(oplead).transport.platform.hasAnswered && !isBound(ledger, oplead)) await bindLedger(ledger, oplead);
}

/** Whether {@link bindLedger} has bound this ledger to the platform, or found that it belongs to it. */
function isBound(ledger: Ledger, oplead: Oplead): boolean {
  return bound.get(ledger) === identityOf(platformOf(oplead));
}

function mismatch(stored: LedgerPlatform, platform: LedgerPlatform): OpleadError {
  return new OpleadError(
    "ledger_mismatch",
    `The ledger belongs to ${describe(stored)}, and this client to ${describe(platform)}. Ids of one platform belong to ` +
      "other users on another, so nothing was sent. Use another ledger for this platform. If it is the same platform under " +
      "a new address or name, pass adoptPlatform: true once.",
    { issues: [issueAt("", tellStore("ledger_platform", { stored: describe(stored), current: describe(platform) }))] },
  );
}

/**
 * Writes a platform as one text, for comparisons, jobs and queues. Two platforms never have the same text, because
 * addresses contain no spaces. {@link describe} makes a text for people.
 */
export function identityOf({ baseUrl, name }: LedgerPlatform): string {
  return name === undefined ? baseUrl : `${baseUrl} ${name}`;
}

/** Writes a platform in one line, for messages. */
export function describe({ baseUrl, name }: LedgerPlatform): string {
  return name === undefined ? baseUrl : `${baseUrl} (${name})`;
}

export function platformOf(oplead: Oplead): LedgerPlatform {
  const { baseUrl, platform } = internalsOf(oplead).transport.settings;
  return { baseUrl, name: platform };
}
