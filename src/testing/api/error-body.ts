/** One reason why a request is refused. */
export interface Problem {
  /** The field, dotted; empty for the body itself. */
  readonly field: string;
  readonly message: string;
}

interface ErrorBody {
  readonly code: number;
  readonly message: string;
  readonly errors?: readonly Problem[];
}

const messages: Readonly<Record<number, string>> = {
  400: "The request cannot be read.",
  401: "A valid token is required.",
  403: "This is not allowed.",
  404: "Not found.",
  405: "Method not allowed.",
  409: "The user conflicts with another one.",
  422: "The request is not valid.",
  429: "Too many requests.",
};

/** The body of an error answer. Its shape is assumed. */
export function errorBody(
  status: number,
  message: string = messages[status] ?? "The request failed.",
  errors?: readonly Problem[],
): ErrorBody {
  return { code: status, message, ...(errors && { errors }) };
}
