import { setImmediate } from 'node:timers/promises';
import type { Table } from '../../../lib/table/table.ts';

/**
 * A table whose calls take some turns of the event loop before and after they are done, as those of a table elsewhere
 * do. In memory a request would be through before the next begins, and nothing could come between.
 */
export const yieldingTable = (table: Table): Table =>
  new Proxy(table, {
    get(target, name) {
      const member = Reflect.get(target, name);
      return async (...values: unknown[]) => {
        for (let turns = Math.random() * 4; turns > 0; turns--) await setImmediate();
        const answer = await (member as (...values: unknown[]) => Promise<unknown>).apply(target, values);
        for (let turns = Math.random() * 4; turns > 0; turns--) await setImmediate();
        return answer;
      };
    },
  });
