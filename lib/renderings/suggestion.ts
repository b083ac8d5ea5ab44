import { nearest } from '../nearest.ts';

/** For the end of a sentence about an unknown name: the known one that it resembles, or an empty string. */
export function suggestion(written: string, names: readonly string[]): string {
  const name = nearest(written, names);
  return name === undefined ? '' : ` (did you mean ${name}?)`;
}
