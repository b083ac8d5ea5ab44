/**
 * HTTP messages as the rest of the library sees them. A header is a list of field lines; a line may itself be a comma
 * list, as the gateway joins repeated headers, and only the grammar can split it: OCCI values may hold quoted commas
 * (TXT-28, DEP-3).
 */
export interface HttpRequest {
  readonly method: string;
  /**
   * Decoded, with repeated slashes collapsed. A trailing slash is kept; all trailing slashes if the request may change
   * something.
   */
  readonly path: string;
  /** Decoded pairs in the order sent. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** By lower-cased name. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: string;
  /** Scheme and authority that the client used, without a slash at the end. */
  readonly origin: string;
  readonly requestId: string;
  /** The claims of the gateway's authorizer; only read if an auth scheme uses them. */
  readonly authorizer?: unknown;
  /** The client certificate of the connection, verified, as PEM; only read if an auth scheme uses it. */
  readonly clientCertificate?: string | undefined;
  /** Whether a listing in text/occi has its locations in `Location` too (the setting `clients.jocci`). */
  readonly listsInLocation?: boolean | undefined;
  /** Headers of every answer to this request, errors included. */
  readonly answerHeaders?: Readonly<Record<string, string>> | undefined;
}

export interface HttpResponse {
  readonly status: number;
  /** In canonical spelling: some clients match names case-sensitively (CLIENT-10). */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body compressed by gzip, where it is larger than any that can pass; `body` is empty then. */
  readonly gzipped?: Buffer | undefined;
}

/** First value of a header, or undefined. */
export const firstHeader = (request: Pick<HttpRequest, 'headers'>, name: string): string | undefined =>
  request.headers[name]?.[0];
