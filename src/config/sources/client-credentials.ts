import * as check from "../../core/validate.ts";
import { tellConfig } from "../../locales/en/config.ts";
import { tellValue } from "../../locales/en/core.ts";
import {
  addressSchema,
  ask,
  at,
  type FetchJsonOptions,
  failureOf,
  fetchKinds,
  headersSchema,
  isOk,
  jsonOf,
  refusePlainHttp,
  titleOf,
} from "./fetch-json.ts";
import { isText, sourceRefused, withSettings } from "./source.ts";

/** Options of {@link clientCredentials}. */
export interface ClientCredentials extends Pick<FetchJsonOptions, "timeoutMs" | "fetch"> {
  /** Token endpoint of the authorization server. */
  readonly tokenUrl: string;
  /** Client id at the authorization server. */
  readonly clientId: string;
  /** Client secret, never shown. */
  readonly clientSecret: string;
  /** Scope, for example `"https://graph.microsoft.com/.default"`. Default: none is sent. */
  readonly scope?: string | undefined;
  /** Further fields of the request, for example `{ audience: "…" }`. Default: none. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  /** Sends id and secret in the `"body"` or, as some servers require, in an HTTP `"basic"` header. Default `"body"`. */
  readonly send?: "body" | "basic" | undefined;
  /** Allows the secret over plain http to another machine. Default false. */
  readonly allowHttp?: boolean | undefined;
}

const checkOptions = check.optionsCheck<ClientCredentials>("clientCredentials", () => {
  const { timeoutMs, fetch, allowHttp } = fetchKinds();
  const secret = check.valueThat(isText, tellValue("not_text"));
  return check.options<ClientCredentials>(
    { scope: secret, parameters: headersSchema(), send: check.oneOf("body", "basic"), timeoutMs, fetch, allowHttp },
    { tokenUrl: addressSchema(), clientId: secret, clientSecret: secret },
  );
});

// Renewed so long before its end, or after half its life if that is under two minutes.
const MARGIN_MS = 60_000;

// RFC 6749, 5.2. Only such a code is shown, never the server's description.
const ERRORS = /^(?:invalid_(?:request|client|grant|scope)|unauthorized_client|unsupported_grant_type)$/;

/**
 * Access tokens by OAuth 2.0 client credentials (RFC 6749, 4.4), for `auth` of `restSource` and `jsonSource`. A token
 * is used until shortly before its end, or until the source refuses it. Callers share one request.
 *
 * ```ts
 * const auth = clientCredentials({
 * tokenUrl: "https://login.example/oauth2/token",
 * clientId: env("HR_CLIENT_ID"),
 * clientSecret: env("HR_CLIENT_SECRET"),
 * });
 * ```
 *
 * @throws {@link OpleadError} `invalid_options`; when a token is asked for, `source_failed` if the server gives none.
 */
export function clientCredentials(options: ClientCredentials): (refused?: string) => Promise<string> {
  checkOptions(options);
  const { tokenUrl, clientId, clientSecret, scope, parameters, allowHttp } = options;
  refusePlainHttp("clientCredentials", "tokenUrl", tokenUrl, allowHttp);
  let kept: { readonly token: string; readonly renewAt: number } | undefined;
  let pending: Promise<string> | undefined;

  const renew = async (): Promise<string> => {
    const begunAt = performance.now();
    const { token, lifeMs } = await fetchToken(options);
    kept = { token, renewAt: begunAt + lifeMs - Math.min(MARGIN_MS, lifeMs / 2) };
    return token;
  };
  const accessToken = async (refused?: string): Promise<string> => {
    if (kept && kept.token !== refused && performance.now() < kept.renewAt) return kept.token;
    pending ??= renew().finally(() => {
      pending = undefined;
    });
    return pending;
  };
  return withSettings(accessToken, [tokenUrl, clientId, clientSecret, scope, ...Object.values(parameters ?? {})]);
}

async function fetchToken(options: ClientCredentials): Promise<{ readonly token: string; readonly lifeMs: number }> {
  const { tokenUrl, clientId, clientSecret, scope, parameters, send = "body" } = options;
  const title = titleOf(tokenUrl);
  const isBasic = send === "basic";
  const body = new URLSearchParams(parameters);
  const headers: Record<string, string> = { "content-type": "application/x-www-form-urlencoded" };
  body.set("grant_type", "client_credentials");
  if (scope !== undefined) body.set("scope", scope);
  if (isBasic) {
    const login = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
    headers.authorization = `Basic ${Buffer.from(login).toString("base64")}`;
  } else {
    body.set("client_id", clientId);
    body.set("client_secret", clientSecret);
  }
  const answer = await ask(tokenUrl, { method: "POST", headers, body: String(body) }, options);
  if ("problem" in answer) throw failureOf(title, answer);
  if (!isOk(answer)) {
    const reason = ERRORS.exec(/"error"\s*:\s*"(\w+)"/.exec(answer.bytes.toString("latin1"))?.[1] ?? "")?.[0];
    if (reason === undefined) throw failureOf(title, answer);
    throw sourceRefused(title, tellConfig("no_token_given", { reason }));
  }
  const given = await jsonOf(title, answer);
  const [token, seconds] = [at(given, "access_token"), Number(at(given, "expires_in") ?? Number.NaN)];
  if (typeof token !== "string" || token === "") throw sourceRefused(title, tellConfig("no_access_token"));
  // Salesforce and others give no lifetime: the token is used until the source refuses it.
  return { token, lifeMs: Number.isFinite(seconds) ? Math.max(0, seconds * 1000) : Number.POSITIVE_INFINITY };
}
