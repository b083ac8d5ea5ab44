import { Refusal } from './refusal.ts';

const FORBIDDEN = /[&|:\\";/'#{}$<>]/;
/** In bytes of UTF-8. */
const LONGEST = 128;

/** Names of VMs, images, templates, networks and groups (measured on 6.10); users may have neither blank nor colon. */
export const checkName = (name: string, code: number, prefix = ''): void => {
  if (name === '') throw new Refusal(code, `${prefix}Invalid NAME, it cannot be empty`);
  if (Buffer.byteLength(name) > LONGEST) {
    throw new Refusal(code, `${prefix}Invalid NAME, max length is ${LONGEST} characters`);
  }
  const found = FORBIDDEN.exec(name);
  if (found) throw new Refusal(code, `${prefix}Invalid NAME, char '${found[0]}' is not allowed`);
};
