export interface User {
  readonly name: string;
  readonly password: string;
  readonly project: string;
  /** By its name; `Default` without one. */
  readonly domain?: string;
}

/** Types of the catalogue that are there. */
export type ServiceType = 'identity' | 'image' | 'placement' | 'compute' | 'network' | 'volumev3' | 'block-storage';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** JSON as an object, and anything else as text. */
  // biome-ignore lint/suspicious/noExplicitAny: a test knows what it asks for, and fails where it is not there
  readonly body: any;
}

type Call<T> = (
  service: ServiceType,
  method: string,
  path: string,
  content?: object | Buffer,
  headers?: Readonly<Record<string, string>>,
) => Promise<T>;

export interface Session {
  readonly token: string;
  readonly userId: string;
  readonly projectId: string;
  /** One call, whatever comes of it. */
  readonly call: Call<Answer>;
  /** The body of an answer. Throws where the call is refused. */
  readonly ask: Call<Answer['body']>;
}

export declare const login: (keystone: string, user: User) => Promise<Session>;
