/** The source system: employees, each of which changes a few times. The demonstration and the config share it. */
import type { SourceUser } from "oplead-sdk/sync";

export interface Employee {
  readonly number: string;
  readonly lastName: string;
  readonly email: string;
  readonly phone: string;
  /** Raised by the source at every change: Oplead gets no older state over a newer one. */
  readonly version: number;
}

/** What the webhook receives. */
export interface EmployeeChanged {
  readonly employee: Employee;
}

/** An employee as it is after so many changes. */
export function employeeAt(index: number, version: number): Employee {
  const number = `E-${index}`;
  const email = `employee-${index}@dealers.example`;
  return { number, lastName: `Martin ${index}`, email, phone: phoneAt(version), version };
}

export function phoneAt(version: number): string {
  return `+3310000000${version}`;
}

/** What the nightly run reads: the state of the evening before. */
export function nightlyEmployees(count: number): Employee[] {
  return Array.from({ length: count }, (_, index) => employeeAt(index, 1));
}

export function toUser({ number, lastName, email, phone, version }: Employee): SourceUser {
  return {
    version,
    user: {
      accountNumber: number,
      civility: "Mme",
      lastname: lastName,
      login: email,
      email,
      phone,
      profile: { code: "PRF_NETWORK" },
      address: { zipCode: "01000", city: "Bourg-en-Bresse", country: { code: "FR" } },
    },
  };
}
