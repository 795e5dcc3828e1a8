import { isOpleadError, type Oplead, type OpleadErrorCode } from "oplead-sdk";
import { type Check, resultsOf } from "./check.ts";

const HOST = "api.oplead.com";
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** A clock that is off by more makes signatures of webhooks fail. */
const TOLERATED_MS = 60_000;

/** The base URL and the proxy. What createOplead refuses (no URL, /v1 twice) was found when the config was checked. */
export function addressChecks(url: URL): Check[] {
  return [hostCheck(url), ...proxyChecks(url)];
}

function hostCheck({ hostname, protocol, origin }: URL): Check {
  const { ok, warning, broken } = resultsOf("Base URL");
  if (LOOPBACK.test(hostname)) return ok(`${origin}, on this machine`);
  if (protocol === "http:")
    return broken(`${origin} is plain http: the token can be read on the way`, "Write https://.");
  if (hostname === "leadimport.oplead.com") {
    const message = `${hostname} is where leads are imported: another API with another token`;
    return broken(message, `Use https://${HOST}.`);
  }
  if (hostname.endsWith(".oplead.com") && hostname !== HOST) {
    return warning(`${hostname} is not the documented host`, `The documented one is https://${HOST}.`);
  }
  if (!hostname.endsWith("oplead.com")) {
    return warning(`${hostname} is not a host of Oplead`, `If it is not a proxy of yours, use https://${HOST}.`);
  }
  return ok(origin);
}

/** Node takes proxies from the environment only when it is told to. */
function proxyChecks({ protocol }: URL): Check[] {
  const { ok, warning } = resultsOf("Proxy");
  const variables = protocol === "https:" ? ["HTTPS_PROXY", "https_proxy"] : ["HTTP_PROXY", "http_proxy"];
  const set = variables.find((variable) => process.env[variable]);
  if (set === undefined) return [];
  if (process.env.NODE_USE_ENV_PROXY === "1") return [ok(`${set} is used`)];
  return [
    warning(
      `${set} is set, and Node does not use it by itself`,
      "Set NODE_USE_ENV_PROXY=1 (Node 22.21, or 24 and newer), or give client.fetch one that uses the proxy.",
    ),
  ];
}

/** Whether Oplead takes the token: asks for the profiles. */
export async function answerCheck(oplead: Oplead, signal: AbortSignal): Promise<Check> {
  const { ok, warning, broken } = resultsOf("Oplead");
  try {
    const profiles = await oplead.listUserProfiles({ signal, refresh: true });
    if (profiles.length === 0)
      return warning("answers, and lists no profiles", "Ask your Oplead platform administrator.");
    const codes = profiles.slice(0, 10).map(({ code }) => code);
    return ok(`takes the token and has the profiles ${codes.join(", ")}`);
  } catch (error) {
    if (!isOpleadError(error)) throw error;
    const fix = FIXES[error.code] ?? "Try again later; if it stays, ask your Oplead platform administrator.";
    return broken(error.message.split("\n")[0] ?? error.code, fix);
  }
}

const OTHER_SERVER = "Something else answers at this address: check baseUrl and any proxy.";
const NETWORK = "Check the network, the firewall and the proxy of this machine.";

/** What to do about an error, by its code. */
const FIXES: Readonly<Partial<Record<OpleadErrorCode, string>>> = {
  unauthorized: "The token is wrong or has ended: ask your Oplead platform administrator for another.",
  forbidden: "The token may not read the profiles: ask your Oplead platform administrator what it may do.",
  not_found: OTHER_SERVER,
  unexpected_response: OTHER_SERVER,
  timeout: NETWORK,
  connection: NETWORK,
};

/** Compares the clock with the `Date` header of a server that answers. Needs no token. */
export async function clockCheck(url: URL | undefined): Promise<Check> {
  const { ok, skipped, warning } = resultsOf("Clock");
  const offMs = url ? await clockOffset(url) : Number.NaN;
  if (Number.isNaN(offMs)) return skipped("there is no answer to compare it with");
  if (Math.abs(offMs) <= TOLERATED_MS) return ok("agrees with the server's");
  const seconds = Math.abs(Math.round(offMs / 1000));
  return warning(`is ${seconds} s ${offMs > 0 ? "ahead of" : "behind"} the server's`, "Set it by NTP.");
}

async function clockOffset(url: URL): Promise<number> {
  try {
    const response = await fetch(url, { method: "HEAD", redirect: "manual", signal: AbortSignal.timeout(10_000) });
    return Date.now() - Date.parse(response.headers.get("date") ?? "");
  } catch {
    return Number.NaN;
  }
}
