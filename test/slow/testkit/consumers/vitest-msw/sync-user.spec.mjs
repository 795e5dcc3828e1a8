import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { opleadHandlers } from "oplead-sdk/msw";
import { createFakeOplead, realCountries, signDelivery } from "oplead-sdk/testing";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { syncUser } from "./sync-user.mjs";

const fake = createFakeOplead({ strict: true, countries: realCountries() });
const server = setupServer(...opleadHandlers(fake));

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => {
  server.resetHandlers();
  fake.assertConforms();
  fake.reset();
});
afterAll(() => server.close());

const ada = { id: "HR-1", name: "Lovelace", zip: "75001" };

test("creates, then updates", async () => {
  expect(await syncUser(ada)).toBe("created");
  expect(await syncUser({ ...ada, name: "King" })).toBe("updated");
  expect(fake.user("HR-1")).toMatchObject({ lastname: "King" });
});

test("never creates twice, whatever gets lost", async () => {
  fake.fail({ on: "createUser", as: "reset", when: "after" });
  fake.fail({ on: "updateUser", as: { status: 503 }, times: 2 });
  expect(await syncUser(ada)).toBe("created");
  expect(fake.duplicates()).toEqual([]);
});

test("a test's own handler wins", async () => {
  server.use(http.put("https://api.oplead.com/v1/users/:id", () => HttpResponse.json({}, { status: 403 })));
  await expect(syncUser(ada)).rejects.toMatchObject({ code: "forbidden" });
});

test("what the fake does not have is refused with advice", async () => {
  const error = vi.spyOn(console, "error").mockImplementation(() => {});
  const response = await fetch("https://eu.oplead.com/v1/leads");
  expect(response.status).toBe(400);
  expect(error.mock.calls[0][0]).toContain("Is baseUrl the same in both places?");
  error.mockRestore();
});

test("signs deliveries", async () => {
  const request = await signDelivery({ id: 1 }, { scheme: "stripeStyle", secrets: ["s"] });
  expect(request.headers.get("stripe-signature")).toMatch(/^t=\d+,v1=/);
});
