/*
 * How contract.ts compares the package's own types with the document's. It compares only what can break a call: the
 * names of the fields, and the kinds of their values. Documents of the same API may differ in `anyOf` and `allOf`, and
 * in whether a field may be null or is required. So these types leave out such details before they compare.
 */

/**
 * A type reduced to its field names and kinds of values: every named field is required, no value is null, and
 * alternatives are merged into one object.
 */
export type Solid<T> = [T] extends [readonly (infer Item)[]]
  ? readonly Solid<Item>[]
  : [T] extends [object]
    ? { [Name in NamesOf<T>]: Solid<NonNullable<ValueOf<T, Name>>> }
    : T;

/** A type reduced to its field names. */
export type Named<T> = [T] extends [readonly (infer Item)[]]
  ? readonly Named<Item>[]
  : [T] extends [object]
    ? { [Name in NamesOf<T>]: Named<NonNullable<ValueOf<T, Name>>> }
    : unknown;

/** The names of the fields of a type, without its index signatures. */
type NamesOf<T> = T extends unknown
  ? keyof { [Name in keyof T as string extends Name ? never : number extends Name ? never : Name]: true }
  : never;

type ValueOf<T, Name> = T extends unknown ? (Name extends keyof T ? T[Name] : never) : never;

/**
 * The document's version of a type. If the document leaves the type open (`unknown`), it is the package's version,
 * because the document does not contradict it.
 */
export type Documented<Theirs, Ours> = [Theirs] extends [never]
  ? "the document does not have it"
  : unknown extends Theirs
    ? Solid<Ours>
    : Solid<NonNullable<Theirs>>;

/**
 * A type that is sent. `Sent` compiles only if the document names every field of the type; without this check, an
 * optional field could be renamed unnoticed. The compiler checks the kinds of the values where the call is made.
 */
export type Sent<Ours, _Theirs extends Named<Ours>> = Ours;

/** The arguments of calls. `Taken` compiles only if the document's operations accept them. */
export type Taken<Ours extends Theirs, Theirs> = Ours;

/**
 * A type that is read. `Read` compiles only if the document names every field of the type with a fitting kind of value.
 */
export type Read<Ours, _Theirs extends Solid<Ours>> = Ours;

/** The type of the field of `T` that a path such as `a.b` names; for the empty path, `T` itself. */
export type At<T, Place extends string> = Place extends ""
  ? T
  : Place extends `${infer First}.${infer Rest}`
    ? At<FieldOf<T, First>, Rest>
    : FieldOf<T, Place>;

type FieldOf<T, Name extends string> = unknown extends T
  ? unknown
  : T extends unknown
    ? Name extends keyof T
      ? NonNullable<T[Name]>
      : never
    : never;

export type ItemOf<T> = unknown extends T ? unknown : NonNullable<T> extends readonly (infer Item)[] ? Item : never;

/** The type of an operation's JSON body; unknown if the document does not describe the body. */
export type BodyOf<Operation> = Operation extends { requestBody?: infer Body }
  ? NonNullable<Body> extends { content: infer Content }
    ? Content[keyof Content]
    : never
  : never;

/** The answer of an operation on success, whichever 2xx that is; unknown if the document describes no answer. */
export type AnswerOf<Operation> = Operation extends { responses: infer Answers }
  ? OrUnknown<ContentOf<Answers[keyof Answers & (200 | 201 | 202 | 203 | 206 | "2XX")]>>
  : never;

type ContentOf<Answer> = Answer extends { content: infer Content } ? Content[keyof Content] : never;
type OrUnknown<T> = [T] extends [never] ? unknown : T;

/** The query parameters that every one of several operations takes. */
export type CommonQueryOf<Operation> = keyof QueryOf<Operation>;

type QueryOf<Operation> = Operation extends { parameters: { query?: infer Query } }
  ? [NonNullable<Query>] extends [never]
    ? Record<never, never>
    : Required<NonNullable<Query>>
  : Record<never, never>;

/** The type of a body's JSON: without undefined fields and without `readonly`. */
export type OnTheWire<T> = T extends readonly (infer Item)[]
  ? OnTheWire<Item>[]
  : T extends object
    ? { -readonly [Name in keyof T]: Name extends "parentUserIdentifier" ? Id : OnTheWire<Exclude<T[Name], undefined>> }
    : T;

/**
 * The type of an Oplead ID that is sent. `never` is used because it fits both a document that wants a text and one that
 * wants a number.
 */
export type Id = never;
