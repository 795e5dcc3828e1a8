/**
 * A source behind a REST API that gives what has changed since a time, page by page, each page with the cursor of the
 * next. Pages are fetched as they are needed, and only while there is something left to do with them.
 *
 *     npx tsx examples/sync/rest.ts
 */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createOplead } from "oplead-sdk";
import { memoryLedger, type SourceUser, syncUsers } from "oplead-sdk/sync";
import { createFakeOplead } from "oplead-sdk/testing";

interface Person {
  readonly number: number;
  readonly name: string;
  readonly manager: number | null;
  /** Goes up with every change: what arrives late is told from what is new. */
  readonly revision: number;
}

interface Page {
  readonly people: readonly Person[];
  readonly next: string | null;
}

const hr = await startHumanResources();
const fake = createFakeOplead();
const server = await fake.listen();
const oplead = createOplead({ baseUrl: server.url, token: "fake-token", rateLimit: { requests: 500, perMs: 1000 } });
// With fileLedger or redisLedger the next process knows what this one has done.
const ledger = memoryLedger();

try {
  const all = await sync(0);
  assert.equal(all.counts.created, hr.people.length);

  hr.rename(7, "Lefèvre");
  hr.rename(8, "Garnier");
  const before = fake.requests.length;
  const changed = await sync(hr.people.length);
  assert.equal(changed.counts.updated, 2);
  assert.equal(fake.requests.length - before, 2, "two changes are two requests");
  assert.equal(fake.user("HR-7")?.lastname, "Lefèvre");
} finally {
  await server.close();
  await hr.close();
}

async function sync(sinceRevision: number) {
  const report = await syncUsers(oplead, {
    source: peopleSince(sinceRevision),
    map: toUser,
    ledger,
    // Who is not in the answer has not changed, and is not missing.
    incremental: true,
    onUser: (_user, { done, total, rate, etaMs = 0 }) => {
      if (done % 50 === 0) console.log(`${done} of ${total}, ${Math.round(rate)}/s, ${Math.round(etaMs)} ms to go`);
    },
  });
  console.log(`${await report.render("text")}\n`);
  assert.equal(report.status, "complete");
  return report;
}

async function* peopleSince(revision: number): AsyncGenerator<Person> {
  let cursor: string | null = "";
  while (cursor !== null) {
    const response: Response = await fetch(`${hr.url}/people?since=${revision}&cursor=${cursor}`);
    if (!response.ok) throw new Error(`the HR system answered ${response.status}`);
    const page = (await response.json()) as Page;
    yield* page.people;
    cursor = page.next;
  }
}

function toUser({ number, name, manager, revision }: Person): SourceUser {
  return {
    user: {
      accountNumber: `HR-${number}`,
      civility: "M.",
      lastname: name,
      login: `hr-${number}`,
      email: `hr-${number}@dealers.example`,
      address: { street: "1 rue de la Gare", zipCode: "01000", city: "Bourg-en-Bresse", country: { code: "FR" } },
      profile: { code: manager === null ? "PRF_NETWORK" : "PRF_REGION" },
      parentUserIdentifier: manager === null ? undefined : `HR-${manager}`,
    },
    version: revision,
  };
}

/** A small HR system: 120 people, 25 to a page. */
async function startHumanResources() {
  let revision = 0;
  const people: Person[] = Array.from({ length: 90 }, (_, number) => {
    revision += 1;
    return { number, name: `Martin ${number}`, manager: number === 0 ? null : 0, revision };
  });
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? "/", "http://localhost");
    const changed = people.filter((person) => person.revision > Number(searchParams.get("since")));
    const from = Number(searchParams.get("cursor") || 0);
    const next = from + 25 < changed.length ? String(from + 25) : null;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ people: changed.slice(from, from + 25), next } satisfies Page));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    people,
    rename(number: number, name: string) {
      revision += 1;
      people[number] = { ...(people[number] as Person), name, revision };
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
