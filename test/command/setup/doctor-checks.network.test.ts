import { afterEach, expect, it, vi } from "vitest";
import { addressChecks } from "../../../src/command/setup/doctor-checks.ts";

afterEach(() => vi.unstubAllEnvs());

const codesOf = (url: string) => addressChecks(new URL(url)).map(({ state, code }) => `${state} ${code}`);

it.each([
  ["https://api.oplead.com", "ok address_fits"],
  ["http://localhost:4010", "ok address_here"],
  ["http://127.8.0.1", "ok address_here"],
  ["http://[::1]:80", "ok address_here"],
  ["http://api.oplead.com", "broken address_plain_http"],
  ["https://leadimport.oplead.com", "broken address_of_lead_import"],
  ["https://app.oplead.com", "warning address_not_documented"],
  ["https://oplead.com", "warning address_not_documented"],
  ["https://oplead.example", "warning address_not_oplead"],
  ["https://notoplead.com", "warning address_not_oplead"],
  ["https://127.0.0.1.example.com", "warning address_not_oplead"],
])("doctor says of the address %s: %s", (url, answer) => {
  for (const name of ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"]) vi.stubEnv(name, undefined);
  expect(codesOf(url)).toEqual([answer]);
});

it("doctor ignores a proxy for a protocol that is not the address's, and accepts a proxy that Node uses", () => {
  for (const name of ["HTTPS_PROXY", "https_proxy", "http_proxy"]) vi.stubEnv(name, undefined);
  vi.stubEnv("HTTP_PROXY", "http://proxy.example");
  expect(codesOf("https://api.oplead.com")).toEqual(["ok address_fits"]);
  expect(codesOf("http://localhost")).toEqual(["ok address_here", "warning proxy_ignored"]);
  vi.stubEnv("NODE_USE_ENV_PROXY", "1");
  const [, used] = addressChecks(new URL("http://localhost"));
  expect(used).toMatchObject({ code: "proxy_used", parameters: { variable: "HTTP_PROXY" }, fix: undefined });
});

it("an answer of doctor says in sentences what is wrong and how to fix it", () => {
  expect(addressChecks(new URL("https://leadimport.oplead.com"))[0]).toEqual({
    about: { text: "check_base_url", parameters: {} },
    state: "broken",
    code: "address_of_lead_import",
    parameters: { host: "leadimport.oplead.com" },
    message: "leadimport.oplead.com is where leads are imported: another API with another token",
    fix: "Use https://api.oplead.com.",
  });
});
