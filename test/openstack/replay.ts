import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type OpenStack, startOpenStack } from './index.ts';
import { type Recording, recordingsOf } from './recordings.ts';
import { differences, shapeOf } from './shape.ts';
import { type Scene, Stage } from './stage.ts';

export interface Replay {
  /** In how many recordings of the service the stand-in is held against it. */
  readonly recorded: number;
  /** By name of the recording; those that need nothing but the seeded site have none. */
  readonly scenes: Readonly<Record<string, Scene>>;
  /** Recordings that the stand-in does not answer as the real service did, with the reason. */
  readonly notReplayed: Readonly<Record<string, string>>;
  /** Places in bodies whose values need not agree, each with a reason beside it. */
  readonly free?: readonly RegExp[];
}

/** What the recorder made of a long text: its beginning. */
const SHORTENED = /([^"…]*)…\((\d+) characters, shortened by the recorder\)/g;

const bodyOf = ({ request: { body } }: Recording, secrets: readonly string[]): string | undefined => {
  if (body === null || body === undefined) return undefined;
  const left = [...secrets];
  const next = (): string => (left.length > 1 ? left.shift()! : (left[0] ?? ''));
  return (typeof body === 'string' ? body : JSON.stringify(body))
    .replace(/<(SECRET|TOKEN)>/g, next)
    .replace(SHORTENED, (_, start: string, length: string) => start.repeat(Number(length) / start.length + 1));
};

/** Sends a recorded request to the stand-in, as the user and with the tokens that the scene says. */
async function sent(stand: OpenStack, recording: Recording, scene: Scene | undefined) {
  const stage = new Stage(stand);
  stand.site.steps.hold();
  await scene?.(stage);
  const { method, path, headers } = recording.request;
  const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  if (own['x-auth-token'] === '<TOKEN>') own['x-auth-token'] = stage.token ?? stand.token(stage.user);
  if (own['x-subject-token'] === '<TOKEN>') own['x-subject-token'] = stage.subject ?? own['x-auth-token'] ?? '';
  const body = bodyOf(recording, stage.secrets);
  return await fetch(stand.site.origins[recording.service] + path, {
    method,
    headers: own,
    redirect: 'manual',
    ...(body !== undefined && { body }),
  });
}

const jsonOr = (text: string): unknown => {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
};

/** Tests that the stand-in answers recorded requests of one service as the service did. */
export function replays(service: string, { recorded, scenes, notReplayed, free = [] }: Replay): void {
  const recordings = recordingsOf(service);
  const listed = ({ name }: Recording): boolean => Object.hasOwn(notReplayed, name);
  const named = (some: readonly Recording[]): [string, Recording][] => some.map((one) => [one.name, one]);
  let stand: OpenStack;
  beforeEach(async () => {
    stand = await startOpenStack();
  });
  afterEach(() => stand.close());

  /** What differs, or why the scene could not be set. */
  const compared = async (recording: Recording): Promise<string[]> => {
    try {
      return await replayed(recording);
    } catch (cause) {
      return [`the scene cannot be set: ${cause instanceof Error ? cause.message : cause}`];
    }
  };

  const replayed = async (recording: Recording): Promise<string[]> => {
    const { status, headers, body } = recording.response;
    const answer = await sent(stand, recording, scenes[recording.name]);
    const answered = shapeOf(answer.status, Object.fromEntries(answer.headers), jsonOr(await answer.text()));
    const cut = recording.response._shortened_by_recorder === undefined ? [] : [/_links/];
    return differences(shapeOf(status, headers, body), answered, [...free, ...cut]);
  };

  test(`all recordings of ${service} are there, and each scene and exception is for one of them`, () => {
    expect(recordings).toHaveLength(recorded);
    const names = recordings.map(({ name }) => name);
    expect([...Object.keys(scenes), ...Object.keys(notReplayed)].filter((name) => !names.includes(name))).toEqual([]);
  });

  test.each(named(recordings.filter((one) => !listed(one))))(
    'answers as the real one did: %s',
    async (_, recording) => {
      expect(await compared(recording)).toEqual([]);
    },
  );

  const exceptions = named(recordings.filter(listed));
  if (exceptions.length === 0) return;
  test.each(exceptions)('is still unlike the real one, so that it stays listed: %s', async (_, recording) => {
    expect(await compared(recording)).not.toEqual([]);
  });
}
