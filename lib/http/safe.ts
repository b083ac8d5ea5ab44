const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** True for a method that changes nothing (RFC 9110 §9.2.1); an unknown method may change something. */
export const isSafe = (method: string): boolean => SAFE.has(method);
