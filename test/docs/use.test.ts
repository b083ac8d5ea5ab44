/**
 * The page for users, followed from top to bottom: each request of docs/use.md gets the answer that stands under it.
 * `UPDATE_DOCS=1 npm test -- test/docs` writes the answers.
 */
import * as crypto from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Operation } from '../../lib/operations/operation.ts';
import type { Endpoint, Reply } from '../endpoint.ts';
import { headersIn, renamer, shown } from './answers.ts';
import { type Block, blocksOf, ROOT, read } from './markdown.ts';
import { type Request, stepsOf } from './shell.ts';

/**
 * Ids are deterministic, so that listings have the same order in every run. An additional random id anywhere changes all
 * later ids and the order on the page, which must then be regenerated.
 */
let made = 0;
jest.unstable_mockModule('node:crypto', () => ({
  ...crypto,
  randomUUID: () => `00000000-0000-4000-8000-${(++made).toString(16).padStart(12, '0')}`,
  randomBytes: (size: number) => Buffer.alloc(size, ++made),
}));
const { OPERATIONS } = await import('../../lib/operations/index.ts');
const { startEndpoint } = await import('../endpoint.ts');

const PAGE = 'docs/use.md';
const page = read(PAGE);
const blocks = blocksOf(page);
const { UPDATE_DOCS } = process.env;

/** What is sent is in blocks of `sh`; the answer is the next block. */
const SENT = blocks.flatMap((block, index) => (block.language === 'sh' ? [{ block, next: blocks[index + 1] }] : []));

/** Of every operation, how often it was run. */
const runs = new Map<Operation, { readonly mock: { readonly calls: unknown[] } }>();

let endpoint: Endpoint;
beforeAll(async () => {
  for (const row of Object.values(OPERATIONS)) {
    for (const operation of Object.values(row) as (Operation | undefined)[]) {
      if (operation && !runs.has(operation)) runs.set(operation, jest.spyOn(operation, 'run'));
    }
  }
  endpoint = await startEndpoint({ settings: { limits: { perTenant: { cores: 8, storage: 100 } } } });
});
afterAll(() => endpoint.stop());

const variables: Record<string, string> = {};
const renamed = renamer();
const answers: { readonly block: Block; readonly text: string }[] = [];

const send = ({ method, url, headers, body }: Request): Promise<Reply> => {
  const { host, pathname, search } = new URL(url);
  expect(`http://${host}`).toBe(variables.BASE);
  // The endpoint goes by the name of the page, so its answers are those of the page.
  const path = url.slice(url.indexOf(host) + host.length).startsWith('/') ? `${pathname}${search}` : '/';
  return endpoint.send(method, path, { headers: { Host: host, ...headers }, ...(body !== undefined && { body }) });
};

/** Does what a block says: the answer to its request, if it has one. */
async function follow({ text }: Block): Promise<Reply | undefined> {
  let reply: Reply | undefined;
  for (const step of stepsOf(text, variables)) {
    if (step.is === 'value') variables[step.name] = step.value;
    else if (step.is === 'request') {
      if (reply) throw new Error('a block has one request, since one answer follows');
      reply = await send(step.request);
    } else {
      const value = reply?.headers[step.header];
      if (!value) throw new Error(`the answer has no ${step.header} for ${step.name}`);
      variables[step.name] = value;
    }
  }
  return reply;
}

describe('docs/use.md', () => {
  test.each(SENT.map(({ block, next }) => [`${PAGE}:${block.line}`, block, next] as const))(
    '%s',
    async (_at, block, next) => {
      const reply = await follow(block);
      if (!reply) return;
      if (next?.language !== 'http') throw new Error('no answer follows this request');
      const answer = renamed(shown(reply, headersIn(next.text)));
      answers.push({ block: next, text: answer });
      if (!UPDATE_DOCS) expect(next.text).toBe(answer);
    },
  );

  test('has no answer without a request', () => {
    expect(answers.map(({ block }) => block)).toEqual(blocks.filter(({ language }) => language === 'http'));
  });

  test('shows every operation', () => {
    expect(runs.size).toBeGreaterThan(10);
    for (const [operation, { mock }] of runs) expect([operation, mock.calls.length > 0]).toEqual([operation, true]);
  });

  test('is regenerated with UPDATE_DOCS', () => {
    if (!UPDATE_DOCS) return;
    const text = answers.reduceRight(
      (done, { block, text }) => done.slice(0, block.from) + text + done.slice(block.to),
      page,
    );
    writeFileSync(`${ROOT}${PAGE}`, text);
  });
});
