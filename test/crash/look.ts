/** What is there, as clients see it through a process of its own, and what is wrong with it. */
import { KIND_TERMS, type KindTerm } from '../../lib/occi/kinds/index.ts';
import { locationsIn, pathOf } from '../lib/operations/payloads.ts';
import type { Process } from './world.ts';

interface End {
  readonly location: string;
}

/** An entity in JSON, as far as it is looked at. */
export interface Seen {
  readonly kind: string;
  readonly id: string;
  readonly mixins?: readonly string[];
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly links?: readonly Seen[];
  readonly source?: End;
  readonly target?: End;
}

export interface View {
  /** What is listed, by its path; undefined for what cannot be reached. */
  readonly entities: ReadonlyMap<string, { readonly kind: KindTerm; readonly seen: Seen }>;
  readonly faults: readonly string[];
}

const short = (text: string): string => text.replaceAll(/\s+/g, ' ').slice(0, 160);

async function listed(process: Process, path: string, faults: string[]): Promise<readonly string[]> {
  const reply = await process.send({ method: 'GET', path, headers: { Accept: 'text/uri-list' } });
  if (reply.status === 200) return locationsIn(reply).map(pathOf);
  faults.push(`GET ${path} is ${reply.status}: ${short(reply.body)}`);
  return [];
}

const JSON_TYPE = 'application/occi+json';

/** An entity, read in these renderings, of which JSON is the last. */
async function readable(
  process: Process,
  path: string,
  renderings: readonly string[],
  faults: string[],
): Promise<Seen | undefined> {
  let text = '';
  for (const rendering of renderings) {
    const { status, body } = await process.send({ method: 'GET', path, headers: { Accept: rendering } });
    text = body;
    if (status === 200) continue;
    faults.push(`${path} is listed and ${status}: ${short(body)}`);
    return undefined;
  }
  return JSON.parse(text) as Seen;
}

async function categoriesOf(process: Process): Promise<ReadonlySet<string>> {
  const reply = await process.send({ method: 'GET', path: '/-/', headers: { Accept: JSON_TYPE } });
  const { kinds = [], mixins = [] } = JSON.parse(reply.body) as Record<string, { scheme: string; term: string }[]>;
  return new Set([...kinds, ...mixins].map(({ scheme, term }) => scheme + term));
}

/** Links lead from something to something, and their resource shows the same links as their collections. */
function linkFaults(entities: View['entities']): string[] {
  const faults: string[] = [];
  const shown = new Set([...entities.values()].flatMap(({ seen }) => (seen.links ?? []).map(({ id }) => id)));
  for (const [path, { kind, seen }] of entities) {
    for (const link of seen.links ?? []) {
      const there = [...entities.values()].some(({ seen: { id } }) => id === link.id);
      if (!there) faults.push(`${path} shows the link ${link.id}, which no collection lists`);
    }
    if (!seen.source && !seen.target) continue;
    for (const [name, end] of Object.entries({ source: seen.source, target: seen.target })) {
      if (!end || !entities.has(end.location)) faults.push(`the ${name} of the ${kind} ${path} is not there`);
    }
    if (!shown.has(seen.id)) faults.push(`the source of the ${kind} ${path} does not show it`);
  }
  return faults;
}

/** Where all that is listed is. */
export const paths = (process: Process): Promise<readonly string[]> => listed(process, '/', []);

/** Reads all that is listed: in JSON, and before it in another rendering where one is given. */
export async function look(process: Process, ...before: readonly string[]): Promise<View> {
  const renderings = [...before, JSON_TYPE];
  const faults: string[] = [];
  const known = await categoriesOf(process);
  const entities = new Map<string, { kind: KindTerm; seen: Seen }>();
  const everything = new Set(await listed(process, '/', faults));
  for (const kind of KIND_TERMS) {
    for (const path of await listed(process, `/${kind}/`, faults)) {
      if (!everything.delete(path)) faults.push(`${path} is listed in /${kind}/ and not in /`);
      const seen = await readable(process, path, renderings, faults);
      if (!seen) continue;
      entities.set(path, { kind, seen });
      for (const id of [seen.kind, ...(seen.mixins ?? [])]) {
        if (!known.has(id)) faults.push(`${path} has the category ${id}, which discovery lacks`);
      }
    }
  }
  for (const path of everything) faults.push(`${path} is listed in / and not in its kind's collection`);
  return { entities, faults: [...faults, ...linkFaults(entities)] };
}
