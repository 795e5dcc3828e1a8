import * as check from "../../core/validate.ts";
import { tellConfig } from "../../locales/en/config.ts";
import {
  addressSchema,
  at,
  type FetchJsonOptions,
  fetchJson,
  fetchKinds,
  hasPassword,
  itemsOf,
  type JsonPart,
  type JsonPlace,
  placeSchema,
  refusePlainHttp,
  titleOf,
} from "./fetch-json.ts";
import { type RecordSource, recordSource, settingsOf, sourceRefused, withLikeness } from "./source.ts";

// A server that filters after paging gives a few empty pages.
const MOST_EMPTY = 100;

/** Gives the next page's address. Its parameter may have a type, as in a {@link JsonPlace}. */
export type NextPage<Page = JsonPart> = (
  page: Page,
  headers: Headers,
  url: string,
) => string | URL | JsonPart | null | undefined;

/** Options of {@link restSource}. */
export interface RestOptions<SourceRecord = unknown, Page = JsonPart> extends FetchJsonOptions {
  /** Address of the first page. */
  readonly url: string;
  /** Place of the records in a page: names with dots (`"data.users"`), or a function. Default: the whole page. */
  readonly items?: JsonPlace<readonly SourceRecord[], Page> | undefined;
  /**
   * Address of the next page, absolute or relative: a place with dots (`"links.next"`), or a function of page, headers
   * and address. Undefined, null or empty after the last. Default: the header `Link` with `rel="next"` (RFC 8288).
   */
  readonly next?: string | NextPage<Page> | undefined;
  /**
   * Place of the number of all records (`"meta.total"`). With fewer records the reading fails: a wrong `next` may have
   * missed pages. The smallest of different totals counts, because records may change meanwhile. Default: not compared.
   */
  readonly total?: JsonPlace<number, Page> | undefined;
  /** Limit of pages; if `next` leads beyond it, the reading fails. Default 10,000. */
  readonly maxPages?: number | undefined;
}

const checkOptions = check.optionsCheck<RestOptions<unknown, never>>("restSource", () =>
  check.options(
    {
      ...fetchKinds(),
      items: placeSchema(),
      next: placeSchema(),
      total: placeSchema(),
      maxPages: check.number(1, 1e9),
    },
    { url: addressSchema() },
  ),
);

/**
 * The records of a paged REST API. A page is fetched when the records before it have been taken. All pages must have
 * the first one's origin, so that headers are not sent to another server.
 *
 * @throws {@link OpleadError} `source_failed`, while it is read: no JSON, no list, a page that was read before, a
 * hundred pages without a record, fewer records than {@link RestOptions.total}, more or never-ending pages.
 */
export function restSource<SourceRecord = unknown, Page = JsonPart>(
  options: RestOptions<SourceRecord, Page>,
): RecordSource<SourceRecord> {
  checkOptions(options as RestOptions<unknown, never>);
  const { url, headers, auth, allowHttp, maxPages = 10_000 } = options;
  if (headers !== undefined || auth !== undefined) refusePlainHttp("restSource", "url", url, allowHttp);
  const title = titleOf(options.url);
  const source = recordSource<SourceRecord>({
    title,
    settings: [
      options.url,
      ...(typeof options.headers === "object" ? Object.values(options.headers) : []),
      ...settingsOf(options.auth),
    ],
    async *read() {
      const seen = new Set<string>();
      let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      let count = 0;
      let empty = 0;
      for (let url: string | undefined = options.url; url !== undefined; ) {
        seen.add(url);
        const { body, headers }: { body: unknown; headers: Headers } = await fetchJson(title, url, options);
        const items = itemsOf(title, body, options.items as JsonPlace<unknown, unknown>);
        if (options.total !== undefined) {
          const total = totalOf(at(body, options.total as JsonPlace<unknown, unknown>));
          if (total !== undefined) [least, most] = [Math.min(least, total), Math.max(most, total)];
        }
        count += items.length;
        empty = items.length === 0 ? empty + 1 : 0;
        yield* items as SourceRecord[];
        const next: string | undefined = nextPage(title, options as RestOptions<unknown, unknown>, body, headers, url);
        if (next !== undefined && seen.has(next)) throw sourceRefused(title, tellConfig("page_twice"));
        if (next !== undefined && empty >= MOST_EMPTY)
          throw sourceRefused(title, tellConfig("pages_empty", { pages: MOST_EMPTY }));
        // Pages may be added meanwhile: one more than the total needs.
        if (next !== undefined && least <= most && count > most + items.length)
          throw sourceRefused(title, tellConfig("pages_past_total", { count, total: most }));
        if (next !== undefined && seen.size >= maxPages)
          throw sourceRefused(title, tellConfig("too_many_pages", { pages: maxPages }));
        url = next;
      }
      if (options.total === undefined) return;
      if (least > most) throw sourceRefused(title, tellConfig("no_total"));
      if (count < least) throw sourceRefused(title, tellConfig("records_missing", { count, total: least }), true);
    },
  });
  return withLikeness(source, { kind: "json", options: { items: options.items } });
}

// Some servers write the total as text.
function totalOf(found: unknown): number | undefined {
  const total = typeof found === "string" && found.trim() !== "" ? Number(found) : found;
  return typeof total === "number" && Number.isFinite(total) ? total : undefined;
}

function nextPage(
  title: string,
  { next, url: first }: RestOptions<unknown, unknown>,
  body: unknown,
  headers: Headers,
  url: string,
): string | undefined {
  const given =
    typeof next === "function" ? next(body, headers, url) : next === undefined ? linkOf(headers) : at(body, next);
  if (given === undefined || given === null || given === "") return undefined;
  const address = URL.canParse(String(given), url) ? new URL(String(given), url) : undefined;
  if (!address || hasPassword(address)) throw sourceRefused(title, tellConfig("next_unusable"));
  if (address.origin !== new URL(first).origin) throw sourceRefused(title, tellConfig("other_origin"));
  return address.href;
}

// Finds `<https://…?page=2>; rel="next"` beside other links.
function linkOf(headers: Headers): string | undefined {
  for (const [, target, parameters = ""] of (headers.get("link") ?? "").matchAll(/<([^>]*)>([^<]*)/g)) {
    if (/;\s*rel="?(?:[^";]*\s)?next(?:\s[^";]*)?"?\s*(?:[;,]|$)/i.test(parameters)) return target;
  }
  return undefined;
}
