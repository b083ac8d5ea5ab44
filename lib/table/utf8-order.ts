/** The first unit of the surrogates, which UTF-16 puts before U+E000–U+FFFF and UTF-8 after them. */
const FIRST_SURROGATE = 0xd800;
const LAST_SURROGATE = 0xdfff;

const rank = (unit: number): number => (unit >= FIRST_SURROGATE && unit <= LAST_SURROGATE ? unit + 0x10000 : unit);

/**
 * Compares as the UTF-8 bytes of the strings do, which is DynamoDB's order of sort keys. JavaScript's own `<` compares
 * UTF-16 units and differs where one side has a character above U+FFFF.
 */
export const compareUtf8 = (a: string, b: string): number => {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
};
