import type { Check } from "./check.ts";

const HOST = "api.oplead.com";
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** The base URL and the proxy. What createOplead refuses (no URL, /v1 twice) was found when the config was checked. */
export function addressChecks(baseUrl: string | undefined): Check[] {
  const url = new URL(baseUrl ?? `https://${HOST}`);
  return [hostCheck(url), ...proxyChecks(url)];
}

function hostCheck({ hostname, protocol, origin }: URL): Check {
  const name = "Base URL";
  if (LOOPBACK.test(hostname)) return { name, state: "ok", message: `${origin}, on this machine` };
  if (protocol === "http:") {
    return {
      name,
      state: "broken",
      message: `${origin} is plain http: the token can be read on the way`,
      fix: "Write https://.",
    };
  }
  if (hostname === "leadimport.oplead.com") {
    const message = `${hostname} is where leads are imported: another API with another token`;
    return { name, state: "broken", message, fix: `Use https://${HOST}.` };
  }
  if (hostname.endsWith(".oplead.com") && hostname !== HOST) {
    return {
      name,
      state: "warning",
      message: `${hostname} is not the documented host`,
      fix: `The documented one is https://${HOST}.`,
    };
  }
  if (!hostname.endsWith("oplead.com")) {
    return {
      name,
      state: "warning",
      message: `${hostname} is not a host of Oplead`,
      fix: `If it is not a proxy of yours, use https://${HOST}.`,
    };
  }
  return { name, state: "ok", message: origin };
}

/** Node takes proxies from the environment only when it is told to. */
function proxyChecks({ protocol }: URL): Check[] {
  const variables = protocol === "https:" ? ["HTTPS_PROXY", "https_proxy"] : ["HTTP_PROXY", "http_proxy"];
  const set = variables.find((variable) => process.env[variable]);
  if (set === undefined) return [];
  if (process.env.NODE_USE_ENV_PROXY === "1") return [{ name: "Proxy", state: "ok", message: `${set} is used` }];
  return [
    {
      name: "Proxy",
      state: "warning",
      message: `${set} is set, and Node does not use it by itself`,
      fix: "Set NODE_USE_ENV_PROXY=1 (Node 22.21, or 24 and newer), or give client.fetch one that uses the proxy.",
    },
  ];
}
