/** How many requests each function serves at the same time. */

/** oned takes 15 connections in all, and others use it too: so many calls to it may be under way by default. */
const ONED_CALLS = 12;

/**
 * Reserved concurrency by function; a function without any shares what the account has left.
 * @param {import('../stack/template.mjs').Stack} stack
 * @throws {Error} when the functions cannot share the calls that oned takes
 */
export const reservedConcurrency = ({ parameters: { concurrency }, settings: { adapter }, functions }) => {
  if (concurrency !== 'auto') return concurrency === 'none' ? {} : checked(concurrency, functions);
  if (adapter.name !== 'opennebula') return {};
  const inFlight = adapter.settings?.inFlight?.request ?? 2;
  const each = Math.floor(ONED_CALLS / inFlight / functions.length);
  if (each === 0) {
    throw new Error(
      `adapter.settings.inFlight.request ${inFlight}: ${functions.length} functions that each serve one request would make ` +
        `${inFlight * functions.length} calls to oned at the same time, which takes 15 in all. Set at most ` +
        `${Math.floor(ONED_CALLS / functions.length)}, or say with the parameter concurrency what each function may do.`,
    );
  }
  return Object.fromEntries(functions.map(({ name }) => [name, each]));
};

const checked = (concurrency, functions) => {
  const names = functions.map(({ name }) => name);
  const unknown = Object.keys(concurrency).filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new Error(`concurrency: there is no function ${unknown[0]}; there are ${names.join(', ')}`);
  return concurrency;
};
