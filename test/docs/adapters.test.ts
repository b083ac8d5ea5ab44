/** The recipe for a cloud shows the skeleton and its test as they are checked and run. */
import { readdirSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { ROOT, read } from './markdown.ts';

const PAGE = 'docs/adapters.md';
const SKELETON = 'test/skeleton';
const TEST = 'test/adapters/skeleton.test.ts';

const sources = readdirSync(`${ROOT}${SKELETON}`, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => `${SKELETON}/${name}`);

/** What the page shows of a file: of the test, the call of the contract. */
const shownOf = (path: string): string => {
  const [call = ''] = read(path).split("\ndescribe('the skeleton'");
  return `${call.trimEnd()}\n`;
};

/** The block of code below the name of a file. */
const blockOf = (path: string): RegExp =>
  new RegExp(`(\n\\[\`${path}\`\\]\\([^)]*\\)\n\n\`\`\`ts\n)(.*?)(\`\`\`\n)`, 's');

test.each([...sources, TEST])('%s is shown as it is', (path) => {
  const page = read(PAGE);
  if (process.env.UPDATE_DOCS) {
    const written = page.replace(blockOf(path), (_, before, __, after) => before + shownOf(path) + after);
    writeFileSync(`${ROOT}${PAGE}`, written);
  }
  expect(blockOf(path).exec(read(PAGE))?.[2]).toBe(shownOf(path));
});
