/**
 * A webhook service: what a source system says of its employees, Oplead knows a moment later (guide, case 1).
 *
 * In production `start` gets a real client and the secret from the environment; here main.ts runs it against a fake.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Oplead } from "../../src/index.ts";
import {
  createUserWebhook,
  memoryLedger,
  standardWebhooks,
  toNodeListener,
  type WebhookOutcome,
} from "../../src/webhook/index.ts";

/** What the source system sends. Of a delivery that is genuine this is believed; the user made of it is checked. */
export interface EmployeeEvent {
  readonly type: "employee.updated" | "invoice.paid";
  readonly updatedAt: string;
  readonly employee: {
    readonly number: string;
    readonly title: string;
    readonly firstName: string;
    readonly lastName: string;
    readonly email: string;
    readonly zip: string;
    readonly city: string;
    readonly role: string;
    readonly radiusKm?: number;
  };
}

export interface Service {
  readonly url: string;
  close(): Promise<void>;
}

export async function start(
  oplead: Oplead,
  secret: string,
  onRefused: (refusal: WebhookOutcome<"failed" | "incomplete">) => void,
): Promise<Service> {
  const handler = createUserWebhook(oplead, {
    verify: standardWebhooks({ secrets: [secret] }),
    ledger: memoryLedger(), // in production fileLedger or redisLedger, shared with the nightly batch
    onRefused, // in production: a ticket, a table, a message to the people who maintain the data
    respondWithinMs: 1_500, // in production 10 seconds, the default
    map: ({ type, updatedAt, employee }: EmployeeEvent) => {
      if (type !== "employee.updated") return null;
      return {
        version: updatedAt,
        user: {
          accountNumber: employee.number,
          civility: employee.title,
          firstname: employee.firstName,
          lastname: employee.lastName,
          login: employee.email,
          email: employee.email,
          address: { zipCode: employee.zip, city: employee.city, country: { code: "FR" } },
          profile: { code: employee.role },
        },
        rules: employee.radiusKm === undefined ? {} : { maxDistance: employee.radiusKm },
      };
    },
  });
  const server = createServer(toNodeListener(handler));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/employees`,
    close: async () => {
      server.closeIdleConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
