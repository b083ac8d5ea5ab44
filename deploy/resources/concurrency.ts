/** How many requests each function serves at the same time. */
import type { Stack } from '../stack/stack.ts';

type Reserved = Readonly<Record<string, number>>;

/** Functions whose requests make one call to the cloud at a time, whatever the settings say. */
const ONE_CALL: ReadonlySet<string> = new Set(['identity']);

/**
 * Reserved concurrency by function; a function without any shares what the account has left. With `auto` the functions
 * share the calls that the cloud takes at the same time, where its adapter says so.
 * @throws {Error} when there are fewer calls than functions, or a function does not exist
 */
export const reservedConcurrency = ({
  parameters: { concurrency },
  callLimit,
  functions,
}: Pick<Stack, 'callLimit' | 'functions'> & {
  readonly parameters: Pick<Stack['parameters'], 'concurrency'>;
}): Reserved => {
  if (concurrency !== 'auto') return concurrency === 'none' ? {} : checked(concurrency, functions);
  if (!callLimit) return {};
  const { perRequest, atOnce, setting, reason } = callLimit;
  const single = functions.filter(({ name }) => ONE_CALL.has(name)).length;
  const others = functions.length - single;
  const calls = single + perRequest * others;
  const each = Math.floor(atOnce / calls);
  if (each === 0) {
    throw new Error(
      `adapter.settings.${setting} ${perRequest}: ${functions.length} functions that each serve one request would make ` +
        `${calls} calls to the cloud at the same time, but ${reason}. Set at most ` +
        `${Math.floor((atOnce - single) / others)}, or say with the parameter concurrency what each function may do.`,
    );
  }
  return Object.fromEntries(functions.map(({ name }) => [name, each]));
};

const checked = (concurrency: Reserved, functions: Stack['functions']): Reserved => {
  const names = functions.map(({ name }) => name);
  const unknown = Object.keys(concurrency).filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new Error(`concurrency: there is no function ${unknown[0]}; there are ${names.join(', ')}`);
  return concurrency;
};
