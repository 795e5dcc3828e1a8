/*
 * How contract.ts compares the package's own types with the document's. Only differences that can break a call count: the names of the
 * fields, and the kind of value that they hold. Null, optional or required, `anyOf` and `allOf` differ from one document to the
 * next for the same API, so they are flattened away first.
 */

/** A type by names and kinds: every named field there, nothing null, alternatives merged into one. */
export type Solid<T> = [T] extends [readonly (infer Item)[]]
  ? readonly Solid<Item>[]
  : [T] extends [object]
    ? { [Name in NamesOf<T>]: Solid<NonNullable<ValueOf<T, Name>>> }
    : T;

/** A type by names alone. */
export type Named<T> = [T] extends [readonly (infer Item)[]]
  ? readonly Named<Item>[]
  : [T] extends [object]
    ? { [Name in NamesOf<T>]: Named<NonNullable<ValueOf<T, Name>>> }
    : unknown;

/** The named fields, without index signatures: a field that is merely allowed has no name. */
type NamesOf<T> = T extends unknown
  ? keyof { [Name in keyof T as string extends Name ? never : number extends Name ? never : Name]: true }
  : never;

type ValueOf<T, Name> = T extends unknown ? (Name extends keyof T ? T[Name] : never) : never;

/** The document's form of a type. If the document describes none, the package's own: that is not a contradiction. */
export type Documented<Theirs, Ours> = [Theirs] extends [never]
  ? "the document does not have it"
  : unknown extends Theirs
    ? Solid<Ours>
    : Solid<NonNullable<Theirs>>;

/**
 * A type that is sent. Compiles if the document names every field of it: without this check an optional field could be
 * renamed unnoticed. Whether the kinds fit is found where the call is made.
 */
export type Sent<Ours, _Theirs extends Named<Ours>> = Ours;

/** Calls. Compiles if the document takes each as it is made. */
export type Taken<Ours extends Theirs, Theirs> = Ours;

/** A type that is read. Compiles if the document names every field of it, with a kind of value that can be read as ours. */
export type Read<Ours, _Theirs extends Solid<Ours>> = Ours;

/** The type at a dotted place of another type; the type itself for the empty place. */
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

/** The JSON body that an operation is sent; unknown where it is not described. */
export type BodyOf<Operation> = Operation extends { requestBody?: infer Body }
  ? NonNullable<Body> extends { content: infer Content }
    ? Content[keyof Content]
    : never
  : never;

/** The answer of an operation on success, whichever 2xx that is; unknown where no answer is described. */
export type AnswerOf<Operation> = Operation extends { responses: infer Answers }
  ? OrUnknown<ContentOf<Answers[keyof Answers & (200 | 201 | 202 | 203 | 206 | "2XX")]>>
  : never;

type ContentOf<Answer> = Answer extends { content: infer Content } ? Content[keyof Content] : never;
type OrUnknown<T> = [T] extends [never] ? unknown : T;

/** The query parameters that all of several operations take. */
export type CommonQueryOf<Operation> = keyof QueryOf<Operation>;

type QueryOf<Operation> = Operation extends { parameters: { query?: infer Query } }
  ? [NonNullable<Query>] extends [never]
    ? Record<never, never>
    : Required<NonNullable<Query>>
  : Record<never, never>;

/** A body as JSON carries it: what is undefined is left out, and what is sent cannot be changed. */
export type OnTheWire<T> = T extends readonly (infer Item)[]
  ? OnTheWire<Item>[]
  : T extends object
    ? { -readonly [Name in keyof T]: Name extends "parentUserIdentifier" ? Id : OnTheWire<Exclude<T[Name], undefined>> }
    : T;

/** An Oplead ID as it is sent: it fits wherever the document wants one, as text or as a number. */
export type Id = never;
