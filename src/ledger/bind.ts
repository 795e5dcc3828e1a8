import { OpleadError } from "../base/errors.ts";
import type { Oplead } from "../client/api.ts";
import { internalsOf } from "../client/internals.ts";
import type { Ledger, LedgerPlatform } from "./ledger.ts";
import { useLedger } from "./ledger-error.ts";

/** The platforms that ledgers were found to belong to in this process, so that each is asked once. */
const bound = new WeakMap<Ledger, string>();

/**
 * Makes sure that a ledger belongs to a platform. Ids mean other users elsewhere, so a ledger that was filled from one
 * platform would overwrite strangers on another. A ledger that belongs to none yet is bound to this one. `readOnly`: as in
 * test mode, it is only compared.
 *
 * @throws {@link OpleadError} `ledger_mismatch` if it belongs to another platform; `ledger_unavailable`.
 */
export async function bindLedger(
  ledger: Ledger,
  oplead: Oplead,
  { adoptPlatform = false, readOnly = false }: { adoptPlatform?: boolean | undefined; readOnly?: boolean } = {},
): Promise<void> {
  const platform = platformOf(oplead);
  const name = describe(platform);
  if (bound.get(ledger) === name) return;

  const stored = (await useLedger(async () => ledger.getInfo()))?.platform;
  const isSame = stored !== undefined && describe(stored) === name;
  if (stored && !isSame && !adoptPlatform) throw mismatch(stored, platform);
  if (!isSame) {
    if (readOnly) return;
    await useLedger(async () => ledger.setInfo({ platform }));
    const { logger } = internalsOf(oplead).transport.settings;
    const before = stored ? `the ledger of ${describe(stored)}` : "the ledger belonged to no platform yet and";
    const line = `oplead-sdk: ${before} now belongs to ${name}${stored ? " (adoptPlatform)" : ""}`;
    logger?.[stored ? "warn" : "info"](line, { event: "ledger_bound", code: stored && "adopted" });
  }
  bound.set(ledger, name);
}

function mismatch(stored: LedgerPlatform, platform: LedgerPlatform): OpleadError {
  return new OpleadError(
    "ledger_mismatch",
    `The ledger belongs to ${describe(stored)}, and this client to ${describe(platform)}. Ids of one platform belong to ` +
      "other users on another, so nothing was sent. Use another ledger for this platform. If it is the same platform under " +
      "a new address or name, pass adoptPlatform: true once.",
  );
}

/** The platform in one line, for comparing and for messages. */
export function describe({ baseUrl, name }: LedgerPlatform): string {
  return name === undefined ? baseUrl : `${baseUrl} (${name})`;
}

export function platformOf(oplead: Oplead): LedgerPlatform {
  const { baseUrl, platform } = internalsOf(oplead).transport.settings;
  return { baseUrl, name: platform };
}
