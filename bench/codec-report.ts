/** Runs the measurement of the renderings and prints it next to the peers' figures. */
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Pace } from './options.ts';
import { PEER_CODEC } from './peers.ts';
import { launch, listenTo } from './processes.ts';
import { figure, textTable } from './text-table.ts';

/** A round is this many times shorter than a row, because only other work on the machine causes variation. */
const ROUNDS_PER_ROW = 10;

export const benchCodec = async ({ seconds }: Pace): Promise<void> => {
  const file = fileURLToPath(new URL('codec.mjs', import.meta.url));
  const child = launch(process.execPath, [file, String(seconds / ROUNDS_PER_ROW)]);
  const { complaints } = listenTo(child);
  let output = '';
  child.stdout!.setEncoding('utf8').on('data', (part: string) => {
    output += part;
  });
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(`the renderings could not be measured: ${complaints()}`);
  const figures = Object.entries(JSON.parse(output) as Record<string, number>);
  console.log('\nIn process, one compute with two links, or a listing of 1,000 (operations/s, median of 5):\n');
  console.log(
    textTable(
      [
        { name: 'operation', of: ([name]) => name, align: 'left' },
        { name: 'per second', of: ([, perSecond]) => figure(perSecond) },
        { name: 'pySSF', of: ([name]) => figure(PEER_CODEC[name]?.pySSF) },
        { name: 'rOCCI-core 5', of: ([name]) => figure(PEER_CODEC[name]?.['rOCCI-core 5']) },
      ],
      figures,
    ),
  );
};
