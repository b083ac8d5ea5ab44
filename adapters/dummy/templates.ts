/** OS templates that the action `save` makes from computes, each in a row of its own (INF-4). */
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
  /** Id of the compute that was saved. */
  readonly source: string;
}

const MAX_TERM_CHARS = 40;
const MAX_TITLE_CHARS = 100;

/** A term derived from the name, with a random suffix: saving twice under one name makes two templates. */
function termOf(name: string): string {
  const cleaned = name
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '');
  return `${cleaned.slice(0, MAX_TERM_CHARS) || 'saved'}-${randomBytes(3).toString('hex')}`;
}

/** A title without commas and quotes: discovery shows it to every client, and some split it at commas (CLIENT-13). */
const titleOf = (name: string): string =>
  name
    .replace(/[,;"\\\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_TITLE_CHARS) || 'Saved';

const mixinOf = (row: TemplateRow): Mixin => dependent('os_tpl', row);

/** Makes an OS template from a compute, named `name`, or else after the compute's title or id. */
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

/** The templates that this tenant has saved. */
export const savedTemplates = async (cloud: Cloud): Promise<readonly Mixin[]> =>
  (await allRows(cloud, cloud.pk, PREFIX)).map((row) => mixinOf(row as TemplateRow));
