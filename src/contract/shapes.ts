// These types compare only what can break a call: names of fields and kinds of values. In the rest, other documents of
// the API differ.

// Makes a type that can be compared: every named field is required, no value is null, alternatives are one object.
export type Solid<T> = [T] extends [readonly (infer Item)[]]
  ? readonly Solid<Item>[]
  : [T] extends [object]
    ? { [Name in NamesOf<T>]: Solid<NonNullable<ValueOf<T, Name>>> }
    : T;

export type Named<T> = [T] extends [readonly (infer Item)[]]
  ? readonly Named<Item>[]
  : [T] extends [object]
    ? { [Name in NamesOf<T>]: Named<NonNullable<ValueOf<T, Name>>> }
    : unknown;

type NamesOf<T> = T extends unknown
  ? keyof { [Name in keyof T as string extends Name ? never : number extends Name ? never : Name]: true }
  : never;

type ValueOf<T, Name> = T extends unknown ? (Name extends keyof T ? T[Name] : never) : never;

// `unknown` in the document contradicts no type.
export type Documented<Theirs, Ours> = [Theirs] extends [never]
  ? "the document does not have it"
  : unknown extends Theirs
    ? Solid<Ours>
    : Solid<NonNullable<Theirs>>;

// This type compiles only if the document names every field, because an optional field could be renamed unnoticed.
export type Sent<Ours, _Theirs extends Named<Ours>> = Ours;

// This type compiles only if the operations accept the arguments.
export type Taken<Ours extends Theirs, Theirs> = Ours;

// This type compiles only if the document names every field with a fitting kind of value.
export type Read<Ours, _Theirs extends Solid<Ours>> = Ours;

// `Place` is a path such as `a.b`; it is empty for `T` itself.
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

export type BodyOf<Operation> = Operation extends { requestBody?: infer Body }
  ? NonNullable<Body> extends { content: infer Content }
    ? Content[keyof Content]
    : never
  : never;

export type AnswerOf<Operation> = Operation extends { responses: infer Answers }
  ? OrUnknown<ContentOf<Answers[keyof Answers & (200 | 201 | 202 | 203 | 206 | "2XX")]>>
  : never;

type ContentOf<Answer> = Answer extends { content: infer Content } ? Content[keyof Content] : never;
type OrUnknown<T> = [T] extends [never] ? unknown : T;

export type CommonQueryOf<Operation> = keyof QueryOf<Operation>;

type QueryOf<Operation> = Operation extends { parameters: { query?: infer Query } }
  ? [NonNullable<Query>] extends [never]
    ? Record<never, never>
    : Required<NonNullable<Query>>
  : Record<never, never>;

export type OnTheWire<T> = T extends readonly (infer Item)[]
  ? OnTheWire<Item>[]
  : T extends object
    ? { -readonly [Name in keyof T]: Name extends "parentUserIdentifier" ? Id : OnTheWire<Exclude<T[Name], undefined>> }
    : T;

// An identifier in a path: this type fits a document that wants a text and one that wants a number.
export type Id = never;
