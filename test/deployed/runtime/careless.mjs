// A handler that does what ours must not, to see what Lambda makes of it. It lies beside the functions of the package.
const BYTES = 7 * 1024 * 1024;
const LONG_MS = 600_000;

const MISDEEDS = {
  none: () => process.pid,
  throw: () => {
    throw new TypeError('Thrown.');
  },
  reject: () => {
    Promise.reject(new Error('Nobody handles this.'));
    return new Promise((resolve) => setTimeout(resolve, LONG_MS));
  },
  hang: () => new Promise((resolve) => setTimeout(resolve, LONG_MS)),
  large: () => 'x'.repeat(BYTES),
};

export const handler = async ({ misdeed }) => ({ did: await MISDEEDS[misdeed]() });
