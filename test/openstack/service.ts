/** What the services of the stand-in have in common. */

/** Whose token a request brings, proved by the stand-in's Keystone. */
export interface TokenOwner {
  readonly userId: string;
  readonly userName: string;
  /** Absent for an unscoped token. */
  readonly projectId?: string;
  readonly roles: readonly string[];
}

export interface ServiceRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** In lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** As it came. */
  readonly text: string;
}

export interface ServiceAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or the text of what is none; absent for an answer without a body. */
  readonly body?: unknown;
}

/** One service of the stand-in: answers a request of somebody whose token it has checked. */
export interface Service {
  answer(request: ServiceRequest, owner: TokenOwner | undefined): Promise<ServiceAnswer> | ServiceAnswer;
}
