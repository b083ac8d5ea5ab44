/** Codes of rules and decisions: where they are cited, and the rows of the pages that explain them. */
import { readdirSync } from 'node:fs';
import { build } from 'esbuild';
import { ROOT, read, rowsOf } from './markdown.ts';

export const PAGES = ['docs/rules.md', 'docs/decisions.md'] as const;

/** A code of one of the families, row or not: a new code is found before it is explained. */
const CODE = /\b(?:CORE|HTTP|H11|TXT|JSON|INF|CRTP|EXT|DEP|SUITE|CLIENT|ADR|D)-\d+\b/g;

/** The codes in a text, in their order. */
export const codesIn = (text: string): readonly string[] => text.match(CODE) ?? [];

/** Spellings that were used before each decision had a code. */
const UNCODED =
  /\bdecisions? \d+|\brows? \d+(?:(?:, | and | to )\d+)*[).]|['(]rows? \d+[:,)]|\b(?:occi|layout|expectations)\.md\b/gi;

export const uncodedIn = (text: string): readonly string[] => text.match(UNCODED) ?? [];

/** What citations are looked for in; fixtures were written by clouds and clients. */
const OTHERS = ['node_modules', 'dist', 'data', 'fixtures'];
const TEXTS = /\.(?:[cm]?[jt]s|json|md|yml|sh)$/;

/** All files of the project that may cite, from the root. */
export const citingFiles = (folder = ''): readonly string[] =>
  readdirSync(`${ROOT}${folder}`, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}${entry.name}`;
    if (entry.isDirectory())
      return OTHERS.includes(entry.name) || entry.name.startsWith('.') ? [] : citingFiles(`${path}/`);
    const isPage = (PAGES as readonly string[]).includes(path);
    return TEXTS.test(path) && path !== 'package-lock.json' && !isPage ? [path] : [];
  });

export interface Entry {
  readonly code: string;
  /** What the page says of it; the last cell of a row is the source. */
  readonly cells: readonly string[];
}

/** The rows of a page whose first cell is a code. */
export const tableEntriesOf = (page: string): readonly Entry[] =>
  rowsOf(read(page)).flatMap(([code = '', ...cells]) => (codesIn(code)[0] === code ? [{ code, cells }] : []));

/** The sections of a page whose heading begins with a code, such as `### ADR-4: …`. */
export const sectionsOf = (page: string): readonly Entry[] =>
  read(page)
    .split(/^(?=#{1,3} )/m)
    .flatMap((section) => {
      const [, code = '', text = ''] = /^### ([A-Z]+-\d+): ([\s\S]*)$/.exec(section) ?? [];
      return code === '' ? [] : [{ code, cells: [text] }];
    });

const SOURCE = /^(?:adapters|functions|lib|local|deploy)\/.*\.[cm]?[jt]s$/;

/** A file of settings without its comments. */
const ymlWithoutComments = (path: string): string => read(path).replace(/(?:^|\s)#.*$/gm, '');

/** The files whose sentences clients or operators see, each without its comments. */
export const codeWithoutComments = async (): Promise<ReadonlyMap<string, string>> => {
  const files = citingFiles().filter((path) => SOURCE.test(path) && !path.endsWith('.d.mts'));
  const { outputFiles } = await build({
    entryPoints: files.map((path) => ({ in: `${ROOT}${path}`, out: path })),
    outdir: ROOT,
    write: false,
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'error',
  });
  const settings = citingFiles().filter((path) => /^(?:\w+|deploy\/.*)\.yml$/.test(path));
  return new Map([
    ...outputFiles.map(({ path, text }) => [path.slice(ROOT.length, -'.js'.length), text] as const),
    ...settings.map((path) => [path, ymlWithoutComments(path)] as const),
  ]);
};
