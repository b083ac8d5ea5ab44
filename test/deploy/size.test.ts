/** The sizes of what is deployed are within the budget; `npm run size` measures the times as well. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { chunksOf, overBudget, sizesOf, strayOf } from '../../bench/size/chunks.mjs';
import { build, FUNCTIONS } from '../../build.mjs';

/** Each file that a function loads at its start costs time, however small it is. */
const MAX_START_FILES = 8;

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const budget = JSON.parse(readFileSync(join(ROOT, 'bench/size/budget.json'), 'utf8'));

test('every function starts small, from few files, and without the client of EC2', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'occi-size-'));
  const metafile = await build(ROOT, folder);
  rmSync(folder, { recursive: true });
  for (const name of FUNCTIONS) {
    const chunks = chunksOf(metafile, name);
    expect(overBudget(name, sizesOf(metafile, chunks), strayOf(metafile, chunks), budget)).toEqual([]);
    expect(chunks.start.size).toBeLessThanOrEqual(MAX_START_FILES);
  }
}, 30_000);

test('what is over the budget is told by name and number', () => {
  const sizes = { start: 501, startWithOpenNebula: 620, ec2: 881, firstAnswer: 1 };
  expect(overBudget('links', sizes, ['node_modules/@aws-sdk/client-ec2/x.js'], budget)).toEqual([
    'links: start is 501 kB, over 500',
    'links: ec2 is 881 kB, over 880',
    'links: node_modules/@aws-sdk/client-ec2/x.js is read without a call to EC2',
  ]);
});
