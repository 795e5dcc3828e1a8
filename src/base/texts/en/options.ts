/** Problems of the options of a client, or of one of its calls. */
export const OPTIONS = {
  no_token: () => "is missing: give { token } or set OPLEAD_TOKEN. Your Oplead platform administrator issues it",
  empty_token: () => "is empty",
  padded_token: () => "has white space around it: it was probably copied with a line break",
  bearer_token: () => 'begins with "Bearer ": leave that out, the package adds it',
  unsendable_token: () => "has characters that a header cannot carry",
  not_url: () => "is not a URL: write https://host, without a path of the API (the package adds /v1/…)",
  not_http: () => "must begin with https://",
  plain_http: () =>
    "is plain http to another machine, so secrets can be read on the way: write https://, or set allowHttp: true for a test server",
  url_with_password: () => "must not hold a user name or password",
  url_with_query: () => "must not hold a query or a fragment",
  url_with_version: () => "ends in /v1, which the package adds itself",
  not_platform_name: () => "must be a name of at most 100 characters",
  not_auth: () => 'must be "bearer" or { header: "NAME-OF-THE-HEADER" }',
  header_with_meaning: () => "names a header that has a meaning of its own",
  not_id_field: () => 'must be the name of a field, or a place with dots, for example "data.id"',
  not_facts: () => "must be the content of a platform-facts.json that this version can read: run oplead probe again",
  facts_of_other_platform: ({ baseUrl }: { readonly baseUrl: string }) =>
    `are of ${baseUrl}, and this client has another base URL: run oplead probe against this one`,
  contradicts_fact: ({ option, fact }: { readonly option: string; readonly fact: string }) =>
    `is ${option}, and the facts of the platform say ${fact}: leave the option out, or run oplead probe again`,
  not_rate_limit: () => "must be { requests, perMs }, a shared rate, the rateLimit of another client, or false",
  not_retry: () => "must be { attempts, baseMs, maxMs } or false",
  not_hooks: () => "must be an object with the function around, or a list of such objects",
  test_mode_unclear: () => 'OPLEAD_TEST_MODE must be "true" or "false"',
  fetch_failed: ({ error }: { readonly error: string }) =>
    `failed by itself (${error}), not because of the connection: error.cause says where`,
  in_browser: () =>
    "this looks like a web page, where every visitor could read the API token. Call Oplead from a server instead. " +
    "If only trusted people can see this page (a test in jsdom, an internal tool), set dangerouslyAllowBrowser: true",
  of_other_client: () => "is set by the client whose rateLimit this one shares",
  leaves_test_mode: () => "this client is in test mode, which can be switched on and never off: create another client",
  not_headers: () => "must be a plain object of names and values",
  not_header_name: () => "a header name has a character that is not allowed",
  reserved_header: () => "is set by the package",
  method_override: () => "would turn one method into another",
  not_header_value: () => "must be one line of ASCII text",
};
