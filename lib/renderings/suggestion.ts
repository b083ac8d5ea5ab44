import { nearest } from '../nearest.ts';

/** Text for the end of a message about an unknown name: the known name that it resembles, or an empty string. */
export function suggestion(written: string, names: readonly string[]): string {
  const name = nearest(written, names);
  return name === undefined ? '' : ` (did you mean ${name}?)`;
}
