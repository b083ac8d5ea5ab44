/** Links, commands and paths in documents are valid. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { documents, proseOf, ROOT, read } from './markdown.ts';

const NAMES = documents();

const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

/** The anchors of a document, as they are made of its headings. */
const anchorsOf = (document: string): readonly string[] =>
  [...proseOf(document).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );

describe.each(NAMES)('%s', (name) => {
  const text = read(name);

  test('has no broken links', () => {
    const targets = [...proseOf(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);
    const relative = targets.filter((target) => !/^[a-z]+:/.test(target));
    const broken = relative.filter((target) => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? name : join(dirname(name), path);
      if (file.startsWith('..') || !existsSync(`${ROOT}${file}`)) return true;
      return anchor !== undefined && !(file.endsWith('.md') && anchorsOf(read(file)).includes(anchor));
    });
    expect(broken).toEqual([]);
  });

  test('names only existing commands', () => {
    const named = [...text.matchAll(/\bnpm run ([a-z][a-z:]*)/g)].map(([, script]) => script!);
    expect(named.filter((script) => !(script in scripts))).toEqual([]);
  });

  test('has no path or address of the machine that it was written on', () => {
    expect(text).not.toMatch(/\/work\/|\/home\/|\/root\/|\/tmp\//);
  });
});

test('the README leads to every document of the project', () => {
  const pages = NAMES.filter((name) => /^docs\/|^[A-Z]+\.md$/.test(name) && name !== 'README.md');
  expect(pages.filter((page) => !read('README.md').includes(`(${page})`))).toEqual([]);
});

test('the licence is the one that package.json names', () => {
  const { license } = JSON.parse(read('package.json')) as { license: string };
  expect([license, /Apache License\s+Version 2\.0/.test(read('LICENSE'))]).toEqual(['Apache-2.0', true]);
});
