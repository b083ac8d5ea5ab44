import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Message, Model } from './codec.ts';
import * as codec from './codec.ts';
import * as runner from './run.mjs';

interface Case {
  readonly id: string;
  readonly rule: readonly string[];
  readonly title: string;
  readonly type: 'parse' | 'render' | 'toJson' | 'fromJson';
  readonly rendering: string;
  readonly input: Message;
  readonly model: Model;
  readonly json: unknown;
  readonly matches?: readonly string[];
  readonly body?: string;
  readonly error?: boolean;
}

const { cases } = JSON.parse(readFileSync(new URL('./vectors/20-codec.json', import.meta.url), 'utf8')) as {
  cases: readonly Case[];
};

/** Members that are empty or missing mean the same in a vector. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [name, bare(member)] as const);
  return Object.fromEntries(
    members.filter(([, member]) => typeof member !== 'object' || Object.keys(member!).length > 0),
  );
}

const raw = ({ headers = [], body = '' }: Message): string =>
  headers.length > 0 ? headers.map((header) => header.join(': ')).join('\n') : body;

const CHECKS: Readonly<Record<Case['type'], (vector: Case) => void>> = {
  parse: ({ rendering, input, model, error }) => {
    if (error) expect(() => codec.parse(rendering, input)).toThrow(expect.objectContaining({ failure: 'invalid' }));
    else expect(bare(codec.parse(rendering, input))).toEqual(bare(model));
  },
  render: ({ rendering, model, matches = [], body }) => {
    const message = codec.render(rendering, model);
    expect(bare(runner.parse(rendering, message))).toEqual(bare(model));
    expect(bare(codec.parse(rendering, message))).toEqual(bare(model));
    for (const pattern of matches) expect(raw(message)).toMatch(new RegExp(pattern, 'm'));
    if (body !== undefined) expect(message.body).toBe(body);
  },
  toJson: ({ model, json }) => expect(codec.toJson(model)).toEqual(json),
  fromJson: ({ json, model }) => expect(bare(codec.fromJson(json))).toEqual(bare(model)),
};

describe('codec vectors', () => {
  test.each(cases.map((vector) => [`${vector.id} ${vector.rule.join(' ')}: ${vector.title}`, vector] as const))(
    '%s',
    (_name, vector) => CHECKS[vector.type](vector),
  );

  test('all are here', () => expect(cases).toHaveLength(24));
});
