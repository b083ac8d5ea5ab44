/** The recorded life cycles of rOCCI-cli, and what its requests become on another server than the one recorded. */
import { readFileSync } from 'node:fs';
import type { Call } from '../endpoint.ts';

export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body?: string;
}

/** By name: `rocci-cli text/plain` and so on, the requests in the order sent. */
export const recordings: Readonly<Record<string, readonly Recorded[]>> = JSON.parse(
  readFileSync(new URL('../fixtures/clients/rocci-cli.json', import.meta.url), 'utf8'),
);

const UUID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/;

/** What a request is for, as far as it can be seen from outside. */
export type Purpose = 'discover' | 'list' | 'describe' | 'create' | 'act' | 'associate' | 'delete';

export function purposeOf({ method, path }: Recorded): Purpose {
  if (path === '/-/') return 'discover';
  if (method === 'DELETE') return 'delete';
  if (method === 'GET') return path.endsWith('/') ? 'list' : 'describe';
  if (path.includes('?action=')) return 'act';
  return path.endsWith('/') ? 'create' : 'associate';
}

/** The text of a request, whichever of headers and body carries it. */
const textOf = ({ headers, body = '' }: Recorded) => `${headers.map(([, value]) => value).join('\n')}\n${body}`;

/** The id that the client has chosen for what it creates: the first, since links follow their resource. */
const proposedIdOf = (recorded: Recorded) =>
  UUID.exec(/occi\.core\.id="[^"]*"|"id":"[^"]*"/.exec(textOf(recorded))![0])![0];

/** The title that a request gives, in whichever form. */
export const titleIn = (recorded: Recorded): string | undefined =>
  /(?:occi\.core\.title=|"title":)"([^"]*)"/.exec(textOf(recorded))?.[1];

const TEMPLATE_SCHEME = 'http://occi.example.org/occi/infrastructure';

export interface Templates {
  readonly os: { readonly term: string; readonly scheme: string };
  readonly size: { readonly term: string; readonly scheme: string };
}

/** What the client has learned from this server, in place of what it had learned from the other. */
export class Learned {
  readonly #names = new Map<string, string>();
  #listed: string[] = [];

  /** The location of a link kind, which the other server had below `/link/`. */
  location(term: string, location: string): void {
    this.#names.set(`/link/${term}/`, location);
  }

  templates({ os, size }: Templates): void {
    this.#names.set(`${TEMPLATE_SCHEME}/os_tpl#`, os.scheme).set('debian6', os.term);
    this.#names.set(`${TEMPLATE_SCHEME}/resource_tpl#`, size.scheme);
    this.#names.set('goliath', size.term).set('extra_large', size.term);
  }

  /** Where something was created. `x` stands where the other server gave no id back, for the first of its kind. */
  created(recorded: Recorded, path: string): void {
    const term = recorded.path.split('/').at(-2)!;
    this.#names.set(proposedIdOf(recorded), path.slice(path.lastIndexOf('/') + 1));
    if (!this.#names.has(`/${term}/x`)) this.#names.set(`/${term}/x`, path);
  }

  /** What a listing held; the entities that are described after it and were never created are these, in order. */
  listed(paths: readonly string[]): void {
    this.#listed = [...paths];
  }

  #rewritten(text: string): string {
    let all = text;
    for (const [theirs, ours] of this.#names) all = all.replaceAll(theirs, ours);
    return all;
  }

  #pathOf({ path }: Recorded): string {
    const rewritten = this.#rewritten(path);
    return rewritten === path && UUID.test(path) ? this.#listed.shift()! : rewritten;
  }

  /** The request as the client would send it here: names of the other server replaced, all else as it was. */
  request(recorded: Recorded): { method: string; path: string; call: Call } {
    const headers = Object.fromEntries(recorded.headers.map(([name, value]) => [name, this.#rewritten(value)]));
    const body = recorded.body === undefined ? {} : { body: this.#rewritten(recorded.body) };
    return { method: recorded.method, path: this.#pathOf(recorded), call: { headers, ...body } };
  }
}
