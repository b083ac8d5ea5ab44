/** What the services of the stand-in have in common. */

export type ServiceName = 'identity' | 'compute' | 'network' | 'volume' | 'image';

/** Whose token a request brings, proved by the stand-in's Keystone. */
export interface TokenOwner {
  readonly userId: string;
  readonly userName: string;
  /** Absent for an unscoped token. */
  readonly projectId?: string | undefined;
  /** Names, with those that they imply. */
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
  /** Of the service itself, `http://127.0.0.1:<port>`: links in answers begin with it. */
  readonly origin: string;
}

export interface ServiceAnswer {
  readonly status: number;
  /** In lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or the text of what is none; absent for an answer without a body. */
  readonly body?: unknown;
  /** True for answers without what the service puts into every other: those of a router before it. */
  readonly withoutVersion?: boolean;
  /** True for the few answers that have no `x-openstack-request-id`. */
  readonly withoutRequestId?: boolean;
}

/** One service of the stand-in. Throws `Refused` for what it refuses. */
export interface Service {
  /** Whether a request is answered without a token: documents of versions, and everything at Keystone. */
  isOpen(request: ServiceRequest): boolean;
  /** The answer to a missing or bad token, when it is not that of keystonemiddleware. */
  readonly unauthorized?: () => ServiceAnswer;
  /** Header fields of every answer that the service itself gives, refusals too. */
  readonly always?: (request: ServiceRequest) => Readonly<Record<string, string>>;
  /** @param owner absent where the service is open */
  answer(request: ServiceRequest, owner: TokenOwner | undefined): ServiceAnswer;
}

/** An answer that ends the work on a request: thrown wherever a service finds what it refuses. */
export class Refused extends Error {
  constructor(readonly answer: ServiceAnswer) {
    super(`${answer.status} ${JSON.stringify(answer.body)}`);
  }
}

export const isAdmin = ({ roles }: TokenOwner): boolean => roles.includes('admin');
export const isMember = ({ roles }: TokenOwner): boolean => roles.includes('member');

/** Matches a path against a pattern such as `/v3/volumes/{}`: the ids in it, or undefined. */
export function matched(pattern: string, path: string): readonly string[] | undefined {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  if (wanted.length !== given.length) return undefined;
  const found: string[] = [];
  for (const [index, part] of wanted.entries()) {
    if (part === '{}') found.push(decodeURIComponent(given[index]!));
    else if (part !== given[index]) return undefined;
  }
  return found;
}
