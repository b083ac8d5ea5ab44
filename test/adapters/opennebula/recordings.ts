/** Exchanges with a real oned, as they went over the wire. */
import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('../../fixtures/opennebula/6.10.0.1/', import.meta.url);

export interface Recording {
  readonly name: string;
  readonly call: string;
  readonly request: { readonly body: string };
  readonly response: { readonly status: number; readonly body: string };
  readonly decoded: {
    readonly params?: readonly unknown[];
    readonly tuple?: readonly unknown[];
    readonly fault?: { readonly code: number; readonly string: string };
  };
}

export const recording = (name: string): Recording => JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8'));

/** Names of all recordings that fit. */
export const recordings = (pattern: RegExp): readonly string[] =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .filter((name) => pattern.test(name))
    .sort();

/** The body of an answer, as bytes that may be used up. */
export const bytesOf = (name: string): Buffer => Buffer.from(recording(name).response.body, 'utf8');
