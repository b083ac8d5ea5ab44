import type { OpenStack } from './index.ts';
import type { ServiceName } from './service.ts';

/** What must have happened before a recorded exchange. */
export type Scene = (stage: Stage) => Promise<unknown> | unknown;

/** Sets up what a recording needs, by the same calls that led to it. */
export class Stage {
  /** Who sends the recorded request. */
  user = 'alice';
  /** The token that it brings, if not a new one of that user; empty for none. */
  token: string | undefined;
  /** The token in `X-Subject-Token`, where Keystone is asked about one. */
  subject: string | undefined;
  /** Replaces `<SECRET>` in the recorded body, in order; the last one for all that follow. */
  secrets: readonly string[] = ['alice-secret'];

  constructor(readonly stand: OpenStack) {}

  /** The recorded request is this user's. */
  as(user: string): this {
    this.user = user;
    this.secrets = [`${user}-secret`];
    return this;
  }

  /** A call that must succeed; the body of its answer. Nothing that follows from it happens by itself. */
  async call<T = unknown>(
    user: string,
    service: ServiceName,
    method: string,
    path: string,
    { body, headers = {} }: { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> } = {},
  ): Promise<T> {
    const answer = await fetch(this.stand.site.origins[service] + path, {
      method,
      headers: {
        'x-auth-token': this.stand.token(user),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} was refused: ${answer.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  /** All steps of everything that moves. */
  settle(): this {
    this.stand.site.steps.settle();
    return this;
  }

  /** From now on things move only when the scene says so. */
  hold(): this {
    this.stand.site.steps.hold();
    return this;
  }

  /** The next ids that are given. */
  ids(...ids: readonly string[]): this {
    this.stand.site.ids.expect(...ids);
    return this;
  }
}
