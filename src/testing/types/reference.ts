import type { FakeCode } from "./user.ts";

/** A profile of `GET /v1/settings/user-profiles`. The path is documented, the shape assumed. */
export interface FakeProfile {
  readonly code: string;
  readonly label: string;
  /** The profile that the parent of a user with this profile must have. Without it any parent will do, or none. */
  readonly parent?: FakeCode | undefined;
}

/** A county (département, province) inside a {@link FakeCountry}. The names are those of the geographical rule. */
export interface FakeCounty {
  readonly number: string;
  readonly label: string;
  /** Postcodes, as text. One code may lie in several counties. */
  readonly postCodeZips?: readonly string[] | undefined;
}

/** What `GET /v1/types/country/{code}` answers. The path is documented, the shape assumed. */
export interface FakeCountry {
  readonly code: string;
  readonly label: string;
  readonly counties: readonly FakeCounty[];
}
