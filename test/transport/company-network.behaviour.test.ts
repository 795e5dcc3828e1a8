import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFakeOplead, type FakeListener } from "../../src/testing/index.ts";
import { type CompanyNetwork, companyNetwork } from "../support/company-network.ts";
import { connect, failure } from "../support/servers.ts";
import { user } from "../support/users.ts";

// Node 20.18 and newer loads undici 7.
const undici = await import("undici7").catch(() => undefined);

describe.skipIf(!undici)("in the network of a company", () => {
  const { Agent, ProxyAgent, fetch } = undici as NonNullable<typeof undici>;
  const fake = createFakeOplead();
  let listener: FakeListener;
  let network: CompanyNetwork;
  beforeAll(async () => {
    listener = await fake.listen();
    network = await companyNetwork(listener.port);
  });
  afterAll(async () => {
    await network?.close();
    await listener?.close();
  });

  const through = (url: string, dispatcher: InstanceType<typeof Agent | typeof ProxyAgent>) =>
    connect(url, { token: "fake-token", fetch: (address, init) => fetch(address, { ...init, dispatcher }) });

  it("a server with a private authority's certificate is reached once the caller's fetch trusts it", async () => {
    const { urls, ca } = network;
    const error = await failure(connect(urls.https, { token: "fake-token" }).upsertUser(user(1)));
    expect(error).toMatchObject({ code: "connection", retryable: false });
    expect(error.message).toContain("not trusted");
    const oplead = through(urls.https, new Agent({ connect: { ca } }));
    expect(await oplead.upsertUser(user(1))).toMatchObject({ outcome: "created" });
  });

  it("a server that wants a client certificate is reached with a certificate, and not without it", async () => {
    const { urls, ca, client } = network;
    const without = through(urls.mutual, new Agent({ connect: { ca } }));
    expect(await failure(without.upsertUser(user(2), { retry: false }))).toMatchObject({ code: "connection" });
    const oplead = through(urls.mutual, new Agent({ connect: { ca, ...client } }));
    expect(await oplead.upsertUser(user(2))).toMatchObject({ outcome: "created" });
  });

  it("a host that only the proxy knows is reached through the proxy", async () => {
    const { urls, ca, proxy, tunnels } = network;
    const oplead = through(urls.behindProxy, new ProxyAgent({ uri: proxy, requestTls: { ca } }));
    expect(await oplead.upsertUser(user(3))).toMatchObject({ outcome: "created" });
    expect(new Set(tunnels)).toEqual(new Set(["oplead.test:443"]));
  });
});
