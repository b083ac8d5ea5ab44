/** Prints the figures of the server process: its start-up time and its memory. */
import { PEER_MEMORY, PEER_START_UP } from './peers.ts';
import type { ResidentMemory } from './requests.ts';
import { START_UP_GOAL_MS, type StartUp } from './start-up.ts';
import { count, figure, textTable } from './text-table.ts';

export const printStartUp = (startUps: readonly StartUp[]): void => {
  if (startUps.length === 0) return;
  const { pySSF, 'rOCCI-server': rocci } = PEER_START_UP;
  console.log(
    `\nFrom the command to the first 200 of GET /-/, embedded table (pySSF ${pySSF} ms, rOCCI-server ${figure(rocci)} ms):\n`,
  );
  console.log(
    textTable<StartUp>(
      [
        { name: 'command', of: ({ command }) => command, align: 'left' },
        { name: 'median ms', of: ({ median }) => figure(median) },
        { name: 'all runs', of: ({ runs }) => runs.map(figure).join(' '), align: 'left' },
        {
          name: 'goal',
          of: ({ verdict }) => (verdict === 'none' ? '' : `goal ${verdict} (${figure(START_UP_GOAL_MS)} ms)`),
          align: 'left',
        },
      ],
      startUps,
    ),
  );
};

export const printMemory = (memory: readonly ResidentMemory[]): void => {
  if (memory.length === 0) return;
  const peers = Object.entries(PEER_MEMORY).map(([peer, [start, load]]) => `${peer} ${start} and ${load}`);
  console.log(`\nResident memory in MiB (${peers.join(', ')} with 1,000 computes):\n`);
  console.log(
    textTable<ResidentMemory>(
      [
        { name: 'table', of: ({ table }) => table, align: 'left' },
        { name: 'after start', of: ({ atStart }) => figure(atStart) },
        { name: 'after the load', of: ({ afterLoad }) => figure(afterLoad) },
        { name: 'computes', of: ({ computes }) => count(computes) },
      ],
      memory,
    ),
  );
};
