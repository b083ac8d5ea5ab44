/** What a client may believe of its entities: what was acknowledged, and what is open since an answer did not come. */
import type { Answer, Client } from './client.ts';

/** The values that each fact may have: one where it was acknowledged, several where an answer is missing. */
export interface Facts {
  presence: Set<string>;
  title: Set<string>;
  tag: Set<string>;
  state: Set<string>;
}

export type Fact = keyof Facts;

/** An entity that a client knows the path of. */
export interface Entry {
  readonly path: string;
  readonly kind: string;
  readonly facts: Facts;
  /** Paths of both ends, for a link. */
  readonly ends?: readonly string[];
}

/** What an acknowledged request does to an entity. */
export type Change = readonly [entry: Entry, fact: Fact, value: string];

export const HERE = 'here';
export const GONE = 'gone';

export const entryOf = (
  path: string,
  kind: string,
  known: Partial<Record<Fact, string>>,
  ends?: readonly string[],
): Entry => ({
  path,
  kind,
  facts: {
    presence: new Set([known.presence ?? HERE]),
    title: new Set([known.title ?? '']),
    tag: new Set([known.tag ?? 'bare']),
    state: new Set(known.state === undefined ? [] : [known.state]),
  },
  ...(ends && { ends }),
});

/** Whether the entity is there for certain. */
export const isHere = ({ facts: { presence } }: Entry): boolean => presence.size === 1 && presence.has(HERE);

/** Whether it is unknown what a request has done: it was not answered, or the store did not answer in time. */
export const isOpen = (answer: Answer | undefined): boolean => answer === undefined || answer.status === 503;

/** A create under an Idempotency-Key that was not answered yet. */
export interface Open {
  readonly key: string;
  readonly path: string;
  readonly body: object;
  readonly kind: string;
  readonly title: string;
  readonly ends?: readonly string[];
}

/** Sends a request: its changes are open until it is answered, then they hold, or hold not if it was refused. */
export const attempt = async (
  changes: readonly Change[],
  send: () => Promise<Answer | undefined>,
): Promise<Answer | undefined> => {
  const before = changes.map(([entry, fact]) => new Set(entry.facts[fact]));
  for (const [entry, fact, value] of changes) entry.facts[fact].add(value);
  const answer = await send();
  if (answer === undefined || answer.status >= 500) return answer;
  changes.forEach(([entry, fact, value], at) => {
    entry.facts[fact] = answer.status < 300 ? new Set([value]) : (before[at] as Set<string>);
  });
  return answer;
};

/** Compares an entity with what may be believed of it; what is seen is believed from then on. */
export const look = async (entry: Entry, client: Client, tag: string): Promise<string[]> => {
  const answer = await client.send('GET', entry.path);
  const { facts } = entry;
  if (answer?.status !== 200 && answer?.status !== 404) return [`${entry.path}: answered ${answer?.status}`];
  const seen: Partial<Record<Fact, string>> = { presence: answer.status === 200 ? HERE : GONE };
  if (answer.status === 200) {
    const { title = '', mixins = [], attributes = {} } = JSON.parse(answer.body);
    seen.title = title;
    seen.tag = mixins.includes(tag) ? 'tagged' : 'bare';
    if (facts.state.size > 0) seen.state = attributes[`occi.${entry.kind}.state`];
  }
  const wrong: string[] = [];
  for (const [fact, value] of Object.entries(seen) as [Fact, string][]) {
    if (!facts[fact].has(value)) wrong.push(`${entry.path}: ${fact} is ${value}, not ${[...facts[fact]].join(' or ')}`);
    facts[fact] = new Set([value]);
  }
  return wrong;
};
