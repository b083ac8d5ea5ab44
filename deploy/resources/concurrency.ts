/** How many requests each function serves at the same time. */
import type { Stack } from '../stack/stack.ts';

/** Functions that are asked rarely and make one call at a time: one request each is enough. */
export const LIGHT: readonly string[] = ['account', 'identity'];

type Reserved = Readonly<Record<string, number>>;

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
  const light = functions.filter(({ name }) => LIGHT.includes(name)).length;
  const others = functions.length - light;
  const each = Math.floor((atOnce - light) / perRequest / others);
  if (each === 0) {
    throw new Error(
      `adapter.settings.${setting} ${perRequest}: ${functions.length} functions that each serve one request would make ` +
        `${perRequest * others + light} calls to the cloud at the same time, but ${reason}. Set at most ` +
        `${Math.floor((atOnce - light) / others)}, or say with the parameter concurrency what each function may do.`,
    );
  }
  return Object.fromEntries(functions.map(({ name }) => [name, LIGHT.includes(name) ? 1 : each]));
};

const checked = (concurrency: Reserved, functions: Stack['functions']): Reserved => {
  const names = functions.map(({ name }) => name);
  const unknown = Object.keys(concurrency).filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new Error(`concurrency: there is no function ${unknown[0]}; there are ${names.join(', ')}`);
  return concurrency;
};
