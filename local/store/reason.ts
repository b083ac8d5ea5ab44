/** The innermost cause of an error, in one line. */
export const reasonOf = (error: unknown): string => {
  let innermost = error;
  while (innermost instanceof Error && innermost.cause) innermost = innermost.cause;
  return (innermost instanceof Error ? innermost.message : String(innermost)).replace(/\s+/g, ' ');
};
