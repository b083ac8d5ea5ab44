/** Every code that is cited is explained in docs/rules.md or docs/decisions.md, and nothing else is. */
import { describe, expect, test } from '@jest/globals';
import {
  citingFiles,
  codesIn,
  codeWithoutComments,
  PAGES,
  sectionsOf,
  tableEntriesOf,
  uncodedIn,
} from './citations.ts';
import { read } from './markdown.ts';

const [RULES, DECISIONS] = PAGES;
const rules = tableEntriesOf(RULES);
const contradictions = tableEntriesOf(DECISIONS);
const designs = sectionsOf(DECISIONS);
const explained = [...rules, ...contradictions, ...designs].map(({ code }) => code);

const FILES = citingFiles();
const cited = new Map(FILES.map((path) => [path, codesIn(read(path))] as const));

/** Families whose rules stand in a document of the standard, or in an RFC. */
const STANDARD = /^(?:CORE|HTTP|H11|TXT|JSON|INF|CRTP|D)-/;
const CLAUSE = /^(?:GFD\.\d{3}|RFC \d{4}) (?:§\d|appendix [A-Z]|R\d{4})/;

describe('A code', () => {
  test('that is cited is explained', () => {
    const unknown = [...cited].flatMap(([path, codes]) =>
      codes.filter((code) => !explained.includes(code)).map((code) => `${path}: ${code}`),
    );
    expect(unknown).toEqual([]);
  });

  test('is explained once', () => {
    expect(explained.filter((code, index) => explained.indexOf(code) !== index)).toEqual([]);
  });

  test('that is explained is cited', () => {
    const all = new Set([...cited.values()].flat());
    expect(explained.filter((code) => !all.has(code))).toEqual([]);
  });

  test('that the explanations themselves name is explained', () => {
    const named = PAGES.flatMap((page) => codesIn(read(page)));
    expect(named.filter((code) => !explained.includes(code))).toEqual([]);
  });

  test('has one spelling', () => {
    const others = FILES.filter((path) => path !== 'test/docs/citations.ts').flatMap((path) =>
      uncodedIn(read(path)).map((text) => `${path}: ${text}`),
    );
    expect(others).toEqual([]);
  });

  test('is for those who read the source: no sentence that clients or operators see has one', async () => {
    const shown = [...(await codeWithoutComments())].flatMap(([path, text]) =>
      codesIn(text).map((code) => `${path}: ${code}`),
    );
    expect(shown).toEqual([]);
  });
});

describe('An explanation', () => {
  test('of a rule says what holds and where that is written', () => {
    const empty = [...rules, ...contradictions].filter(({ cells }) => cells.some((cell) => cell === ''));
    expect([empty, rules.filter(({ cells }) => cells.length !== 2)]).toEqual([[], []]);
  });

  test('of a rule of the standard names document and clause', () => {
    const without = [...rules, ...contradictions].filter(
      ({ code, cells }) => STANDARD.test(code) && !CLAUSE.test(cells.at(-1)!),
    );
    expect(without).toEqual([]);
  });

  test('of a decision says its context, the choice and the consequence', () => {
    const parts = ['**Context.** ', '**Choice.** ', '**Consequence.** '];
    const incomplete = designs.filter(({ cells: [text = ''] }) => !parts.every((part) => text.includes(part)));
    expect([incomplete, contradictions.filter(({ cells }) => cells.length !== 4)]).toEqual([[], []]);
  });
});
