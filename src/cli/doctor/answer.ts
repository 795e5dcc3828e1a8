import { isOpleadError, type Oplead } from "oplead-sdk";
import type { Check } from "./check.ts";

/** A clock that is off by more makes signatures of webhooks fail. */
const TOLERATED_MS = 60_000;

/** Whether Oplead takes the token: asks for the profiles. */
export async function answerCheck(oplead: Oplead, signal: AbortSignal): Promise<Check> {
  const name = "Oplead";
  try {
    const profiles = await oplead.listUserProfiles({ signal, refresh: true });
    const codes = profiles.slice(0, 10).map(({ code }) => code);
    return profiles.length === 0
      ? {
          name,
          state: "warning",
          message: "answers, and lists no profiles",
          fix: "Ask your Oplead platform administrator.",
        }
      : { name, state: "ok", message: `takes the token and has the profiles ${codes.join(", ")}` };
  } catch (error) {
    if (!isOpleadError(error)) throw error;
    return { name, state: "broken", message: error.message.split("\n")[0] ?? error.code, fix: fixFor(error.code) };
  }
}

function fixFor(code: string): string {
  switch (code) {
    case "unauthorized":
      return "The token is wrong or has ended: ask your Oplead platform administrator for another.";
    case "forbidden":
      return "The token may not read the profiles: ask your Oplead platform administrator what it may do.";
    case "not_found":
    case "unexpected_response":
      return "Something else answers at this address: check baseUrl and any proxy.";
    case "timeout":
    case "connection":
      return "Check the network, the firewall and the proxy of this machine.";
    default:
      return "Try again later; if it stays, ask your Oplead platform administrator.";
  }
}

export function clockCheck(server: { readonly date: string | null; readonly at: number } | undefined): Check {
  const name = "Clock";
  const time = server?.date ? Date.parse(server.date) : Number.NaN;
  if (!server || Number.isNaN(time))
    return { name, state: "skipped", message: "there is no answer to compare it with" };
  const off = Math.round((server.at - time) / 1000);
  if (Math.abs(server.at - time) <= TOLERATED_MS) return { name, state: "ok", message: "agrees with the server's" };
  return {
    name,
    state: "warning",
    message: `is ${Math.abs(off)} s ${off > 0 ? "ahead of" : "behind"} the server's`,
    fix: "Set it by NTP.",
  };
}
