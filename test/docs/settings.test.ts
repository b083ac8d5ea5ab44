/**
 * The settings in documents are those of the schemas. `UPDATE_DOCS=1 npm test -- test/docs` writes them after a change.
 */
import { writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { ADAPTERS, type AdapterName } from '../../adapters/index.ts';
import { fieldsOf } from '../../lib/config/fields.ts';
import type { Schema } from '../../lib/config/schema.ts';
import { fileSettings, serviceSettings } from '../../lib/config/service.ts';
import { ROOT, read } from './markdown.ts';
import { tableOf, withGenerated } from './settings-tables.ts';

const names = Object.keys(ADAPTERS) as readonly AdapterName[];
const schemas = new Map<AdapterName, Schema>();
// One after the other: jest links a module that two imports share only once.
for (const name of names) schemas.set(name, (await ADAPTERS[name]()).settings as Schema);

const sections = [
  `## The service\n\n${tableOf(fileSettings())}`,
  ...[...schemas].map(([name, schema]) => `## \`adapter.settings\` of ${name}\n\n${tableOf(schema)}`),
];

/** Each document with settings, and what stands between its marks. */
const DOCUMENTS: readonly (readonly [path: string, text: string])[] = [
  ['docs/settings.md', sections.join('\n\n')],
  ...[...schemas].map(([name, schema]) => [`adapters/${name}/README.md`, tableOf(schema)] as const),
];

test.each(DOCUMENTS)('%s has the settings of the schemas', (path, text) => {
  const document = read(path);
  const current = withGenerated(document, text);
  if (process.env.UPDATE_DOCS) writeFileSync(`${ROOT}${path}`, current);
  else expect(document).toBe(current);
});

describe.each([['the service', serviceSettings as Schema], ...schemas])('Every setting of %s', (_name, schema) => {
  test('has a description: a sentence or more', () => {
    const fields = fieldsOf(schema);
    expect(fields.length).toBeGreaterThan(0);
    const undescribed = fields.filter(({ description }) => !/^[A-Z].*\.$/.test(description ?? ''));
    expect(undescribed.map(({ key }) => key)).toEqual([]);
  });
});

describe('A table of settings', () => {
  const schema = z.strictObject({
    region: z
      .string()
      .regex(/^[a-z]+$/, 'must be a region: <name>')
      .describe('Region of the endpoint.'),
    page: z.int().min(1).max(9).default(5).describe('Entries per page, or `a|b`.'),
    roles: z.record(z.string(), z.strictObject({ arn: z.string().describe('ARN.') })).optional(),
  });

  test('has key, values, default and description of each field, also of those inside', () => {
    expect(tableOf(schema).split('\n').slice(2)).toEqual([
      '| `region` | a region: \\<name> | required | Region of the endpoint. |',
      '| `page` | whole number, 1 to 9 | `5` | Entries per page, or `a\\|b`. |',
      '| `roles` | map |  |  |',
      '| `roles.<name>.arn` | text | required | ARN. |',
    ]);
  });

  test('goes between the marks of a document', () => {
    expect(() => withGenerated('# A page\n', 'text')).toThrow('has no place for its settings');
    const page = read('docs/settings.md');
    const other = withGenerated(page, 'something else');
    expect(other).not.toBe(page);
    expect(other).toContain('something else');
    expect(withGenerated(other, sections.join('\n\n'))).toBe(withGenerated(page, sections.join('\n\n')));
  });
});
