import { describe, expectTypeOf, test } from "vitest";
import { defineConfig, jsonSource, type RecordSource, restSource } from "../../../src/config/index.ts";

interface Dealer {
  readonly ref: string;
}

describe("restSource and jsonSource", () => {
  test("take inline functions without annotations, and those that say what a page is", () => {
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

  test("know their records from what a function takes out of a page", () => {
    const items = (page: { readonly users: Dealer[] }) => page.users;
    expectTypeOf(restSource({ url: "https://crm.example", items })).toEqualTypeOf<RecordSource<Dealer>>();
    expectTypeOf(jsonSource("users.json", { items })).toEqualTypeOf<RecordSource<Dealer>>();
    expectTypeOf(jsonSource<Dealer>("users.json")).toEqualTypeOf<RecordSource<Dealer>>();
    expectTypeOf(jsonSource("users.json", { items: "data" })).toEqualTypeOf<RecordSource<unknown>>();
    defineConfig({ source: jsonSource<Dealer>("users.json"), key: (dealer) => dealer.ref });
  });
});
