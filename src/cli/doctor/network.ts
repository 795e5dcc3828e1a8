import { isOpleadError, type Oplead } from "oplead-sdk";
import { DOCUMENTED_ADDRESS } from "../../base/address.ts";
import { isLoopback } from "../../base/loopback.ts";
import { told } from "../texts/say.ts";
import { answersOf, type Check, reasonOf } from "./check.ts";

/** A clock that is off by more makes signatures of webhooks fail. */
const TOLERATED_MS = 60_000;

/** The base URL and the proxy. What createOplead refuses (no URL, /v1 twice) was found when the config was checked. */
export function addressChecks(url: URL): Check[] {
  return [hostCheck(url), ...proxyChecks(url)];
}

function hostCheck({ hostname: host, protocol, origin }: URL): Check {
  const { ok, warning, broken } = answersOf(told("check_base_url"));
  if (isLoopback(host)) return ok("address_here", { origin });
  if (protocol === "http:") return broken("address_plain_http", { origin });
  if (host === "leadimport.oplead.com") return broken("address_of_lead_import", { host });
  if (host === new URL(DOCUMENTED_ADDRESS).hostname) return ok("address_fits", { origin });
  return warning(/(?:^|\.)oplead\.com$/.test(host) ? "address_not_documented" : "address_not_oplead", { host });
}

/** Node takes proxies from the environment only when it is told to. */
function proxyChecks({ protocol }: URL): Check[] {
  const { ok, warning } = answersOf(told("check_proxy"));
  const variables = protocol === "https:" ? ["HTTPS_PROXY", "https_proxy"] : ["HTTP_PROXY", "http_proxy"];
  const variable = variables.find((name) => process.env[name]);
  if (variable === undefined) return [];
  return [
    process.env.NODE_USE_ENV_PROXY === "1" ? ok("proxy_used", { variable }) : warning("proxy_ignored", { variable }),
  ];
}

/** Whether Oplead takes the token: asks for the profiles. */
export async function answerCheck(oplead: Oplead, signal: AbortSignal): Promise<Check> {
  const { ok, warning, broken } = answersOf(told("check_oplead"));
  try {
    const profiles = await oplead.listUserProfiles({ signal, refresh: true });
    if (profiles.length === 0) return warning("oplead_without_profiles");
    return ok("oplead_answers", { profiles: profiles.slice(0, 10).map(({ code }) => code) });
  } catch (error) {
    if (!isOpleadError(error)) throw error;
    return broken("oplead_fails", { code: error.code, reason: reasonOf(error) });
  }
}

/** Compares the clock with the `Date` header of a server that answers. Needs no token. */
export async function clockCheck(url: URL | undefined): Promise<Check> {
  const { ok, skipped, warning } = answersOf(told("check_clock"));
  const offMs = url ? await clockOffset(url) : Number.NaN;
  if (Number.isNaN(offMs)) return skipped("clock_unknown");
  if (Math.abs(offMs) <= TOLERATED_MS) return ok("clock_agrees");
  return warning("clock_differs", { seconds: Math.round(offMs / 1000) });
}

async function clockOffset(url: URL): Promise<number> {
  try {
    const response = await fetch(url, { method: "HEAD", redirect: "manual", signal: AbortSignal.timeout(10_000) });
    return Date.now() - Date.parse(response.headers.get("date") ?? "");
  } catch {
    return Number.NaN;
  }
}
