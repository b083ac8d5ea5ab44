/**
 * HTTP messages as the rest of the library sees them. A header is a list of field lines; a line may itself be a comma
 * list, as the gateway joins repeated headers, and only the grammar can take it apart: OCCI values may hold quoted
 * commas (TXT-28, DEP-3).
 */
export interface HttpRequest {
  readonly method: string;
  /** Decoded, repeated slashes collapsed, trailing slash kept: all of them where the request may change something. */
  readonly path: string;
  /** Decoded pairs in the order sent. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** By lower-cased name. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: string;
  /** Scheme and authority that the client used, without a slash at the end. */
  readonly origin: string;
  readonly requestId: string;
  /** What an authorizer of the gateway says of the caller; only read where a scheme wants it. */
  readonly authorizer?: unknown;
  /** Headers that every answer to it bears, refusals too. */
  readonly answerHeaders?: Readonly<Record<string, string>> | undefined;
}

export interface HttpResponse {
  readonly status: number;
  /** In canonical spelling; clients match some of them by case (CLIENT-10). */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** First value of a header, or undefined. */
export const firstHeader = (request: Pick<HttpRequest, 'headers'>, name: string): string | undefined =>
  request.headers[name]?.[0];
