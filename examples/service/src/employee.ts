import type { SourceUser } from "oplead-sdk/sync";
import { z } from "zod";

/** An employee, as the webhook and the table both have it. Whether the content is right for Oplead is the package's to check. */
interface Employee {
  readonly number: string;
  readonly title: string;
  readonly firstName: string | null;
  readonly lastName: string;
  readonly email: string;
  readonly zip: string;
  readonly city: string;
  readonly role: string;
  readonly manager: string | null;
  readonly radiusKm: number | null;
  readonly updatedAt: string;
}

/** The body of a delivery. */
export const employeeEvent = z.object({
  type: z.string(),
  updatedAt: z.iso.datetime(),
  employee: z.object({
    number: z.string(),
    title: z.string(),
    firstName: z.string().nullable().default(null),
    lastName: z.string(),
    email: z.string(),
    zip: z.string(),
    city: z.string(),
    role: z.string(),
    manager: z.string().nullable().default(null),
    radiusKm: z.number().nullable().default(null),
  }),
});

export function userOfEvent({ type, updatedAt, employee }: z.infer<typeof employeeEvent>): SourceUser | null {
  return type === "employee.updated" ? sourceUser({ ...employee, updatedAt }) : null;
}

/** A row of the table `employees`. */
export const employeeRow = z.object({
  number: z.string(),
  title: z.string(),
  first_name: z.string().nullable(),
  last_name: z.string(),
  email: z.string(),
  zip: z.string(),
  city: z.string(),
  role: z.string(),
  manager: z.string().nullable(),
  radius_km: z.number().nullable(),
  updated_at: z.date(),
});

export function userOfRow(row: z.infer<typeof employeeRow>): SourceUser {
  return sourceUser({
    ...row,
    firstName: row.first_name,
    lastName: row.last_name,
    radiusKm: row.radius_km,
    updatedAt: row.updated_at.toISOString(),
  });
}

function sourceUser(employee: Employee): SourceUser {
  return {
    // Webhook and batch share it, so that neither undoes what the other sent.
    version: employee.updatedAt,
    user: {
      accountNumber: employee.number,
      civility: employee.title,
      firstname: employee.firstName ?? undefined,
      lastname: employee.lastName,
      login: employee.email,
      email: employee.email,
      profile: { code: employee.role },
      parentUserIdentifier: employee.manager ?? undefined,
      address: { zipCode: employee.zip, city: employee.city, country: { code: "FR" } },
    },
    rules: employee.radiusKm === null ? {} : { maxDistance: employee.radiusKm },
  };
}
