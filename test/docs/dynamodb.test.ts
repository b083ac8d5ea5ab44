/** docs/code.md shows where DynamoDBs of others differ. `UPDATE_DOCS=1 npm test -- test/docs` writes its table after a change. */
import { writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { DIFFERENCES, EMULATORS } from '../dynamodb/differences.ts';
import { ROOT, read } from './markdown.ts';

const PATH = 'docs/code.md';
const MARKS = /(<!-- Differences\. [^\n]*-->\n)[\s\S]*(<!-- End of the differences\. -->)/;

const different = Object.entries(DIFFERENCES).filter(([, { otherwise }]) => Object.keys(otherwise).length > 0);
const rows = [
  ['asked', 'AWS', ...EMULATORS, 'and yet our tests hold'],
  ['---', '---', ...EMULATORS.map(() => '---'), '---'],
  ...different.map(([asked, { aws, otherwise, why }]) => [
    asked,
    aws,
    ...EMULATORS.map((emulator) => (otherwise[emulator] ? `**${otherwise[emulator]}**` : aws)),
    why,
  ]),
];
const table = rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');

test(`${PATH} has the differences that are tested`, () => {
  const document = read(PATH);
  const current = document.replace(MARKS, (_, begin: string, end: string) => `${begin}\n${table}\n\n${end}`);
  if (process.env.UPDATE_DOCS) writeFileSync(`${ROOT}${PATH}`, current);
  else expect(document).toBe(current);
  expect(document).toMatch(MARKS);
});

test('each difference has its reason', () => {
  for (const [, { why }] of different) expect(why).toMatch(/^\w.{10,}/);
});
