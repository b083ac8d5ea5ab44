/** The Markdown files of the project, and what tests ask of them. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The text of a file of the project, named from its root. */
export const read = (path: string): string => readFileSync(`${ROOT}${path}`, 'utf8');

/** Folders that hold no documents of ours. */
const OTHERS = ['node_modules', 'dist', 'data', '.git', '.serverless', 'fixtures', 'vectors'];

/** The names of all documents, from the root. */
export const documents = (folder = ''): readonly string[] =>
  readdirSync(`${ROOT}${folder}`, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}${entry.name}`;
    if (entry.isDirectory())
      return OTHERS.includes(entry.name) || entry.name.startsWith('.') ? [] : documents(`${path}/`);
    return entry.name.endsWith('.md') ? [path] : [];
  });

/** A fenced block. */
export interface Block {
  readonly language: string;
  readonly text: string;
  /** The line of its text in the file, from 1. */
  readonly line: number;
  /** Where its text begins and ends in the file. */
  readonly from: number;
  readonly to: number;
}

const FENCED = /^```([a-z]*)\n([\s\S]*?)^```$/gm;

/** The fenced blocks of a document, in its order. */
export const blocksOf = (document: string): readonly Block[] =>
  [...document.matchAll(FENCED)].map(({ 0: whole, 1: language = '', 2: text = '', index }) => {
    const from = index + whole.indexOf('\n') + 1;
    return { language, text, from, to: from + text.length, line: document.slice(0, from).split('\n').length };
  });

/** What stands outside fences. */
export const proseOf = (document: string): string => document.replace(FENCED, '');

/** The part of a document under a heading, as far as the next one of the same depth. */
export const sectionOf = (document: string, heading: string): string => {
  const at = document.indexOf(`\n${heading}\n`);
  if (at < 0) throw new Error(`There is no heading "${heading}"`);
  const rest = document.slice(at + heading.length + 2);
  const depth = /^#+/.exec(heading)![0];
  const end = rest.search(new RegExp(`^#{1,${depth.length}} `, 'm'));
  return end < 0 ? rest : rest.slice(0, end);
};

/** The cells of the tables in a text, row by row, without headings and rulers. */
export const rowsOf = (text: string): readonly (readonly string[])[] => {
  const lines = text.split('\n').filter((line) => line.startsWith('|'));
  return lines
    .filter((_line, index) => !/^\|[-| ]+\|$/.test(lines[index]!) && !/^\|[-| ]+\|$/.test(lines[index + 1] ?? ''))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
};

/** The names in backticks in the first cells of tables. */
export const namesIn = (text: string): readonly string[] =>
  rowsOf(text).flatMap(([first = '']) => [...first.matchAll(/`([^`]+)`/g)].map(([, name]) => name!));
