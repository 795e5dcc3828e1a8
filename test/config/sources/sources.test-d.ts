import { describe, expectTypeOf, test } from "vitest";
import {
  type CsvRow,
  concatSources,
  csvSource,
  defineConfig,
  type JoinedRecord,
  joinSources,
  jsonSource,
  type RecordSource,
  restSource,
} from "../../../src/config/index.ts";

interface Dealer {
  readonly ref: string;
}

describe("restSource and jsonSource", () => {
  test("restSource and jsonSource take inline functions without annotations, which give a page its type", () => {
    restSource<Dealer>({
      url: "https://crm.example/users",
      headers: () => ({ authorization: "Bearer t" }),
      items: (page) => page.data?.users,
      next: (page, headers, url) => page.next ?? headers.get("next") ?? new URL("?page=2", url),
    });
    jsonSource("users.json", { items: (body) => body.users });
    interface Page {
      readonly users: Dealer[];
      readonly next?: string;
    }
    restSource({ url: "https://crm.example/users", items: (page: Page) => page.users, next: (page) => page.next });
    restSource({ url: "https://crm.example/users", next: (_page, headers) => headers.get("next") });
    // @ts-expect-error a misspelt field of a page that is described
    restSource({ url: "https://crm.example/users", items: (page: Page) => page.user });
    // @ts-expect-error a part of a document is not known to be text
    jsonSource("users.json", { items: (body) => body.users?.split(",") });
    // @ts-expect-error the function takes out other records
    jsonSource<Dealer>("users.json", { items: (body: { users: string[] }) => body.users });
    // @ts-expect-error the next page is an address
    restSource({ url: "https://crm.example/users", next: () => 7 });
    // @ts-expect-error the records are a list
    jsonSource<Dealer>("users.json", { items: () => 7 });
  });

  test("restSource and jsonSource infer the type of records from the function that gets them from a page", () => {
    const items = (page: { readonly users: Dealer[] }) => page.users;
    expectTypeOf(restSource({ url: "https://crm.example", items })).toEqualTypeOf<RecordSource<Dealer>>();
    expectTypeOf(jsonSource("users.json", { items })).toEqualTypeOf<RecordSource<Dealer>>();
    expectTypeOf(jsonSource<Dealer>("users.json")).toEqualTypeOf<RecordSource<Dealer>>();
    expectTypeOf(jsonSource("users.json", { items: "data" })).toEqualTypeOf<RecordSource<unknown>>();
    defineConfig({ source: jsonSource<Dealer>("users.json"), key: (dealer) => dealer.ref });
  });
});

describe("csvSource", () => {
  test("a config whose source is written inline knows the columns of that source", () => {
    defineConfig({
      source: csvSource("rh.csv", { columns: ["ref", "name"] }),
      key: (row) => row.ref,
      // @ts-expect-error a column that is not listed
      rowOf: (row) => row.nom,
    });
  });
});

describe("concatSources and joinSources", () => {
  const rh = csvSource("rh.csv", { columns: ["ref", "agency"] });
  const agencies = csvSource("agencies.csv", { columns: ["code", "CP"] });

  test("a concatenation gives the records of each source", () => {
    const all = concatSources(rh, agencies, [{ ref: 7 }]);
    expectTypeOf(all).toEqualTypeOf<RecordSource<CsvRow<"ref" | "agency"> | CsvRow<"code" | "CP"> | { ref: number }>>();
  });

  test("the partner of a joined record has its type, and may be undefined unless that is reported", () => {
    const kept = joinSources(rh, { with: agencies, on: ["agency", "code"], as: "at" });
    expectTypeOf(kept).toEqualTypeOf<
      RecordSource<JoinedRecord<CsvRow<"ref" | "agency">, CsvRow<"code" | "CP"> | undefined, "at">>
    >();
    defineConfig({
      source: joinSources(rh, { with: agencies, on: ["agency", "code"], as: "at", unmatched: "report" }),
      map: ({ ref, at }) => {
        expectTypeOf(ref).toBeString();
        expectTypeOf(at.CP).toBeString();
        return null;
      },
    });
    // @ts-expect-error a partner that may be missing
    defineConfig({ source: kept, key: (row) => row.at.CP });
    // @ts-expect-error a column that the main source does not have
    joinSources(rh, { with: agencies, on: ["agence", "code"], as: "at" });
    // @ts-expect-error a column that only one of them has
    joinSources(rh, { with: agencies, on: "ref", as: "at" });
  });
});
