import type { FindIssues } from "./validate.ts";

/**
 * The interface by which validators compose (standardschema.dev, version 1), so that forms, routers and other schemas
 * take a check of this package without knowing what it is made with.
 */
export interface StandardSchema<Output> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    /** Gives the very value that it was given, or every problem with its path. */
    readonly validate: (
      value: unknown,
    ) =>
      | { readonly value: Output; readonly issues?: undefined }
      | { readonly issues: readonly { readonly message: string; readonly path: readonly PropertyKey[] }[] };
    readonly types?: { readonly input: Output; readonly output: Output } | undefined;
  };
}

/**
 * A schema of any validator with the Standard Schema interface, version 1: Zod, Valibot, ArkType and others. It may be
 * asynchronous, and its output may be another value than its input.
 */
export interface InputSchema<Output> {
  readonly "~standard": {
    readonly vendor: string;
    readonly validate: (value: unknown) => InputSchemaResult<Output> | Promise<InputSchemaResult<Output>>;
  };
}

/** The result of an {@link InputSchema}: the output, or every problem. */
export type InputSchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly object[] };

/** A check as a Standard Schema. A value without problems is an `Output`. */
export function standardSchema<Output>(find: FindIssues): StandardSchema<Output> {
  return {
    "~standard": {
      version: 1,
      vendor: "oplead-sdk",
      validate: (value) => {
        const issues = find(value);
        if (issues.length === 0) return { value: value as Output }; // what the check has just found
        return { issues: issues.map(({ path, ...problem }) => ({ ...problem, path: segmentsOf(path) })) };
      },
    },
  };
}

/** `handledCountries[0].code` as its parts. No field that is checked has a dot or a bracket in its name. */
function segmentsOf(path: string): PropertyKey[] {
  return [...path.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([name, index]) => (index === undefined ? name : Number(index)));
}
