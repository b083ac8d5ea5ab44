/**
 * Replays recordings of a service in the order in which they were made, on one stand-in: each is set up by those before
 * it. Where calls between two recordings are missing, a story says what happened.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type OpenStack, startOpenStack } from './index.ts';
import { newToken } from './keystone/issue.ts';
import { type Recording, recordingsOf } from './recordings.ts';
import { differences, shapeOf } from './shape.ts';

/** What happened between two recordings. */
export type Event = (story: Story) => Promise<void> | void;

export interface Tale {
  readonly title: string;
  /** Names of recordings, and what happened between them, in order. */
  readonly steps: readonly (string | Event)[];
  /** Who sent a recorded request, where the recording does not say and its name does not either. */
  readonly callers?: Readonly<Record<string, string>>;
  /** Recordings that the stand-in does not answer as the real service did, with the reason. */
  readonly notReplayed?: Readonly<Record<string, string>>;
  /** Places in bodies whose values need not agree. */
  readonly free?: readonly RegExp[];
}

/** What differs from one site to another: ids, MACs and addresses. */
const NAMES =
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{32}\b|\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b|\b\d{1,3}(?:\.\d{1,3}){3}\b/g;

const CALLERS: readonly (readonly [RegExp, string])[] = [
  [/by-reader|--reader/, 'rita'],
  [/foreign|--bob/, 'bob'],
  [/admin/, 'admin'],
];

/** A stand-in while a story is told, and what the recorded names of things are on it. */
export class Story {
  private readonly names = new Map<string, string>();

  constructor(readonly stand: OpenStack) {}

  /** A recorded name is from now on this one, unless it is known already. */
  learn(recorded: string, here: string): void {
    if (!this.names.has(recorded)) this.names.set(recorded, here);
  }

  /**
   * Learns the names in two answers that say the same. Lists of several are left out, except what one request made:
   * their order follows from ids.
   */
  compare(recorded: unknown, here: unknown, isCreation: boolean): void {
    if (Array.isArray(recorded) && recorded.length !== 1 && !isCreation) return;
    if (typeof recorded === 'string' && typeof here === 'string') {
      const [theirs, ours] = [recorded.match(NAMES) ?? [], here.match(NAMES) ?? []];
      if (theirs.length === ours.length) for (const [at, name] of theirs.entries()) this.learn(name, ours[at]!);
    } else if (typeof recorded === 'object' && recorded && typeof here === 'object' && here) {
      for (const [key, value] of Object.entries(recorded))
        this.compare(value, (here as Record<string, unknown>)[key], isCreation);
    }
  }

  translated(text: string): string {
    return text.replace(NAMES, (name) => this.names.get(name) ?? name);
  }

  /** A call that was not recorded; `id` is what the recordings call what it makes. */
  async call(
    user: string,
    service: Recording['service'],
    [method, path, body, id]: readonly [method: string, path: string, body?: object, id?: string],
    type = 'application/json',
  ): Promise<void> {
    if (id !== undefined) this.stand.site.ids.expect(id);
    const answer = await fetch(this.stand.site.origins[service] + this.translated(path), {
      method,
      headers: { 'x-auth-token': this.stand.token(user), 'content-type': type },
      ...(body && { body: this.translated(JSON.stringify(body)) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path} was refused: ${answer.status} ${await answer.text()}`);
  }

  async replay(recording: Recording, caller: string, free: readonly RegExp[]): Promise<string[]> {
    const { request, response, service } = recording;
    const headers = new Headers(request.headers);
    if (headers.has('x-auth-token')) headers.set('x-auth-token', this.tokenOf(caller));
    const { body } = request;
    const text =
      body === null || body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await fetch(this.stand.site.origins[service] + this.translated(request.path), {
      method: request.method,
      headers,
      redirect: 'manual',
      ...(text !== undefined && { body: this.translated(text) }),
    });
    const answered = await answer.text();
    const value = parsed(answered);
    this.compare(response.body, value, answer.status === 201);
    const recorded = shapeOf(response.status, response.headers, response.body);
    return differences(recorded, shapeOf(answer.status, Object.fromEntries(answer.headers), value), free);
  }

  private tokenOf(caller: string): string {
    if (caller === 'nobody') return 'no token';
    const { site } = this.stand;
    if (caller !== 'unscoped') return this.stand.token(caller);
    return newToken(site, { userId: site.people.userNamed('alice')!.id, methods: ['password'] }).text;
  }
}

const parsed = (text: string): unknown => {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
};

const callerOf = ({ name, caller }: Recording, { callers = {} }: Tale): string =>
  callers[name] ?? caller ?? CALLERS.find(([pattern]) => pattern.test(name))?.[1] ?? 'alice';

/** Tests that no recording of a service is left out of its stories. */
export function tellsAll(service: string, told: readonly (string | Event)[]): void {
  test(`every recording of ${service} is in a story`, () => {
    const names = recordingsOf(service).map(({ name }) => name);
    expect(names.filter((name) => !told.includes(name))).toEqual([]);
  });
}

/** Tests that the stand-in answers the recordings of a story as the real service did. */
export function tells(tale: Tale): void {
  const { title, steps, notReplayed = {}, free = [] } = tale;
  const names = steps.filter((step) => typeof step === 'string');
  const recordings = new Map(recordingsOf('neutron', 'cinder', 'glance').map((one) => [one.name, one]));
  const found = new Map<string, readonly string[]>();
  let stand: OpenStack;

  beforeAll(async () => {
    stand = await startOpenStack();
    stand.site.steps.hold();
    const story = new Story(stand);
    for (const step of steps) {
      if (typeof step !== 'string') await step(story);
      else {
        const recording = recordings.get(step)!;
        found.set(step, await story.replay(recording, callerOf(recording, tale), free));
      }
    }
  });
  afterAll(() => stand.close());

  const isListed = (name: string): boolean => Object.hasOwn(notReplayed, name);
  test.each(names.filter((name) => !isListed(name)))(`${title}: answers as the real one did: %s`, (name) => {
    expect(found.get(name)).toEqual([]);
  });
  const exceptions = names.filter(isListed);
  if (exceptions.length > 0)
    test.each(exceptions)(`${title}: is still unlike the real one, so that it stays listed: %s`, (name) => {
      expect(found.get(name)).not.toEqual([]);
    });
}

/** Names of the recordings that say when they were made to the millisecond, in that order: those of one session. */
export const session = (service: string, from: string, to: string): string[] =>
  recordingsOf(service)
    .filter(({ recorded, caller }) => caller !== undefined && recorded >= from && recorded <= to)
    .sort((one, other) => (one.recorded < other.recorded ? -1 : 1))
    .map(({ name }) => name);
