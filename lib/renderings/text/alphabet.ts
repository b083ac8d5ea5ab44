/** The characters of the grammar (GFD.229 §4) by code, for readers that look at one character after the other. */
export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;
export const COMMA = 0x2c;
export const SEMICOLON = 0x3b;
export const EQUALS = 0x3d;

/** The characters that end a list element or a parameter. */
export const isSeparator = (code: number): boolean => code === COMMA || code === SEMICOLON;

export const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;

const FIRST = 1;
const LATER = 2;
const NAMES = new Uint8Array(128);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789') {
  NAMES[character.charCodeAt(0)] = FIRST;
}
for (const character of '._-') NAMES[character.charCodeAt(0)] = LATER;

/** True for a character that may start a name (TXT-3). */
export const beginsName = (code: number): boolean => NAMES[code] === FIRST;

/** True for a character that may occur in a name. */
export const continuesName = (code: number): boolean => (NAMES[code] ?? 0) !== 0;
