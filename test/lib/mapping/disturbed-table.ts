import { memoryTable } from '../../../lib/table/memory.ts';
import type { Row, Table } from '../../../lib/table/table.ts';

/** What happens before a put: nothing, a wait, or an error. */
export interface Disturbance {
  put: (row: Row) => void | Promise<void>;
}

/** A memory table whose puts can be made to fail or wait, as those of a table far away may. */
export function disturbedTable(): { readonly table: Table; readonly before: Disturbance } {
  const inner = memoryTable();
  const before: Disturbance = { put: () => {} };
  const table: Table = {
    ...inner,
    async put(row, condition) {
      await before.put(row);
      return inner.put(row, condition);
    },
  };
  return { table, before };
}

/** Holds the first put of such a row until it is let go; `held` tells when it is there. */
export function holdPut(before: Disturbance, of: (row: Row) => boolean) {
  let letGo = () => {};
  let reach = () => {};
  const hold = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const held = new Promise<void>((resolve) => {
    reach = resolve;
  });
  let first = true;
  before.put = (row) => {
    if (!first || !of(row)) return undefined;
    first = false;
    reach();
    return hold;
  };
  return { held, letGo };
}
