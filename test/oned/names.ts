import { Refusal } from './refusal.ts';

const FORBIDDEN = /[&|:\\";/'#{}$<>]/;
/** The limit counts bytes of UTF-8, although oned's message says characters. */
const MAX_NAME_BYTES = 128;

/** Names of VMs, images, templates, networks and groups (measured on 6.10). User names also exclude blanks and colons. */
export const checkName = (name: string, code: number, prefix = ''): void => {
  if (name === '') throw new Refusal(code, `${prefix}Invalid NAME, it cannot be empty`);
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) {
    throw new Refusal(code, `${prefix}Invalid NAME, max length is ${MAX_NAME_BYTES} characters`);
  }
  const found = FORBIDDEN.exec(name);
  if (found) throw new Refusal(code, `${prefix}Invalid NAME, char '${found[0]}' is not allowed`);
};
