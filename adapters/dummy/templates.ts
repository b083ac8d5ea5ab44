/** OS templates that `save` makes of computes, in rows of their own (INF-4). */
import { randomBytes } from 'node:crypto';
import type { Mixin } from '../../lib/occi/types.ts';
import type { PartitionKey } from '../../lib/table/partition-keys.ts';
import type { Row } from '../../lib/table/table.ts';
import { allRows, type Cloud, type EntityRow } from './cloud.ts';
import { dependent } from './mixins.ts';

const PREFIX = 'template#';

interface TemplateRow extends Row<PartitionKey> {
  readonly term: string;
  readonly title: string;
  /** Id of the compute that it was made of. */
  readonly source: string;
}

const LONGEST_TERM = 40;
const LONGEST_TITLE = 100;

/** A term of the name, with a suffix of its own: a template saved twice under one name is two. */
function termOf(name: string): string {
  const cleaned = name
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '');
  return `${cleaned.slice(0, LONGEST_TERM) || 'saved'}-${randomBytes(3).toString('hex')}`;
}

/** Discovery shows the title to every client, and some split it at commas (CLIENT-13). */
const titleOf = (name: string): string =>
  name
    .replace(/[,;"\\\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, LONGEST_TITLE) || 'Saved';

const mixinOf = (row: TemplateRow): Mixin => dependent('os_tpl', row);

/** Makes an OS template of a compute. `name` is the client's, else the title of the compute. */
export async function saveTemplate(
  cloud: Cloud,
  compute: EntityRow,
  id: string,
  name: string | undefined,
): Promise<Mixin> {
  const called = name ?? (compute.attributes['occi.core.title'] as string | undefined) ?? id;
  const term = termOf(called);
  const row: TemplateRow = { pk: cloud.pk, sk: PREFIX + term, term, title: titleOf(called), source: id };
  await cloud.table.put(row);
  return mixinOf(row);
}

/** The templates that the caller has saved. */
export const savedTemplates = async (cloud: Cloud): Promise<readonly Mixin[]> =>
  (await allRows(cloud, cloud.pk, PREFIX)).map((row) => mixinOf(row as TemplateRow));
